package dev.heed.explain;

import dev.heed.nn.Trace;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * The attention of a run and how a score changes with it.
 *
 * @param weights after softmax, {@code [layers, …, heads, queries, keys]}
 * @param gradients of the score with respect to the weights, of the same shape
 */
public record AttentionGradients(Tensor weights, Tensor gradients) {
  /** Checks the shapes. */
  public AttentionGradients {
    if (!weights.shape().equals(gradients.shape()) || weights.rank() < 4) {
      throw new ShapeException(
          "attention gradients: expected weights and gradients [layers, …, heads, queries, keys],"
              + " got "
              + weights.shape()
              + " and "
              + gradients.shape());
    }
  }

  /**
   * Runs a model once and differentiates a score by its attention, frozen weights or not.
   *
   * @param points the names of the attention weights in the run, first layer first, for example
   *     {@code encoder.layer.0.attention.self.pattern}; all of one shape
   * @param score runs the model with this trace and gives the number to explain, for example one
   *     class's logit
   * @throws IllegalArgumentException if the run does not pass a point
   */
  public static AttentionGradients of(List<String> points, Function<Trace, Tensor> score) {
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
    SequencedMap<String, Tensor> offsets = new LinkedHashMap<>();
    try (Trace trace = Trace.changing()) {
      for (String point : points) {
        // The gradient by a zero that is added is the gradient by the weights themselves.
        trace.replace(
            point,
            pattern -> {
              Tensor zero = TensorScope.release(Tensor.zeros(pattern.shape(), pattern.dtype()));
              offsets.put(point, zero.requiresGrad(true));
              weights.put(point, TensorScope.release(pattern.detach()));
              return pattern.add(zero);
            });
      }
      return TensorScope.run(() -> {
        Tensor explained = Gradients.enabled(() -> score.apply(trace));
        requireVisited(points, weights);
        List<Tensor> gradients =
            Gradients.of(explained, points.stream().map(offsets::get).toList());
        return new AttentionGradients(
            Tensor.stack(points.stream().map(weights::get).toList(), 0),
            Tensor.stack(gradients, 0));
      });
    } finally {
      weights.values().forEach(Tensor::close);
      offsets.values().forEach(Tensor::close);
    }
  }

  private static void requireVisited(List<String> points, Map<String, Tensor> weights) {
    List<String> missed = points.stream().filter(point -> !weights.containsKey(point)).toList();
    if (!missed.isEmpty() || points.isEmpty()) {
      throw new IllegalArgumentException(
          "attention gradients: expected points that the run passes, got "
              + points
              + " of which it passed "
              + weights.keySet());
    }
  }

  /**
   * What each query takes from each key in favour of the score: the mean over the heads of {@code
   * max(gradient · weight, 0)} (Chefer et al. 2021, equation 5).
   *
   * @return {@code [layers, …, queries, keys]}
   */
  public Tensor relevance() {
    return TensorScope.run(() -> gradients.mul(weights).relu().mean(-3, false));
  }
}
