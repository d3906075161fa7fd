package dev.heed.explain;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;

/**
 * Attention flow: the most that can flow from a token of a layer down to each input token, when
 * every attention weight is the capacity of a pipe.
 *
 * <p>The pipes are {@code A_l = (head mean + I) / rows' sums}, as for {@link AttentionRollout}; the
 * flow is an exact maximum flow (Abnar and Zuidema 2020, section 5). It takes one maximum flow a
 * layer and pair of tokens, far more than rollout: meant for single sentences.
 *
 * @param flow maximum flows {@code [layers, tokens, tokens]}: from token i after layer l to input j
 * @param shares the flow with rows that sum to one
 */
public record AttentionFlow(Tensor flow, Tensor shares) {
  /**
   * The flow of one text; not differentiable.
   *
   * @param attentions weights after softmax, {@code [layers, heads, tokens, tokens]}
   * @return of the same element type; the flows are computed in double
   * @throws ShapeException if there are other than four dimensions or the last two differ
   */
  public static AttentionFlow of(Tensor attentions) {
    if (attentions.rank() != 4) {
      throw new ShapeException(
          "attention flow: expected [layers, heads, tokens, tokens], got " + attentions.shape());
    }
    return TensorScope.run(() -> {
      Tensor pipes = AttentionRollout.withResidual(AttentionRollout.headMean(attentions.detach()));
      double[][][] capacity = capacities(pipes);
      Tensor flow = Tensor.of(maxima(capacity), pipes.shape().toArray()).to(attentions.dtype());
      return new AttentionFlow(flow, flow.div(flow.sum(-1, true)));
    });
  }

  /**
   * The flow of one text to one token of the last layer: as many maximum flows as there are tokens.
   *
   * @param attentions weights after softmax, {@code [layers, heads, tokens, tokens]}
   * @param token from 0
   * @return from each input token, with the sum one
   * @throws ShapeException as {@link #of}
   */
  public static double[] shares(Tensor attentions, int token) {
    if (attentions.rank() != 4) {
      throw new ShapeException(
          "attention flow: expected [layers, heads, tokens, tokens], got " + attentions.shape());
    }
    try (TensorScope scope = TensorScope.open()) {
      double[][][] capacity =
          capacities(AttentionRollout.withResidual(AttentionRollout.headMean(attentions.detach())));
      LayeredFlow graph = new LayeredFlow(capacity);
      double[] flow = new double[capacity[0].length];
      Arrays.setAll(flow, input -> graph.maximum(capacity.length, token, input));
      double sum = Arrays.stream(flow).sum();
      Arrays.setAll(flow, input -> flow[input] / sum);
      return flow;
    }
  }

  private static double[][][] capacities(Tensor pipes) {
    double[] numbers = pipes.toDoubleArray();
    int layers = Math.toIntExact(pipes.size(0));
    int tokens = Math.toIntExact(pipes.size(1));
    double[][][] capacity = new double[layers][tokens][tokens];
    for (int row = 0; row < layers * tokens; row++) {
      System.arraycopy(numbers, row * tokens, capacity[row / tokens][row % tokens], 0, tokens);
    }
    return capacity;
  }

  private static double[] maxima(double[][][] capacity) {
    int tokens = capacity[0].length;
    double[] maxima = new double[capacity.length * tokens * tokens];
    LayeredFlow graph = new LayeredFlow(capacity);
    int next = 0;
    for (int layer = 0; layer < capacity.length; layer++) {
      for (int from = 0; from < tokens; from++) {
        for (int input = 0; input < tokens; input++) {
          maxima[next++] = graph.maximum(layer + 1, from, input);
        }
      }
    }
    return maxima;
  }
}
