package dev.heed.explain;

import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * How a score changes with what a model reads (Simonyan, Vedaldi and Zisserman, Deep Inside
 * Convolutional Networks, 2013).
 *
 * @param value what was read, {@code [batch, …, size]}
 * @param gradient of the score of its row, of the same shape
 */
public record InputGradients(Tensor value, Tensor gradient) {
  /** Runs the model once. */
  public static InputGradients of(ScoredValue scored) {
    return TensorScope.run(
        () -> new InputGradients(scored.value().alias(), gradient(scored, scored.value())));
  }

  /** The gradient of each row's score at some value. */
  static Tensor gradient(ScoredValue scored, Tensor at) {
    return TensorScope.run(() -> {
      Tensor leaf = at.detach().copy().requiresGrad(true);
      Tensor sum = Gradients.enabled(() -> scored.score().apply(leaf).sum());
      return Gradients.of(sum, List.of(leaf)).getFirst().detach();
    });
  }

  /** Gradient times input (Shrikumar et al. 2016), of the same shape. */
  public Tensor timesValue() {
    return gradient.mul(value);
  }

  /** Gradient times input of each token, summed over its numbers: {@code [batch, …]}. */
  public Tensor timesValuePerToken() {
    return TensorScope.run(() -> timesValue().sum(-1, false));
  }

  /** The sum of the magnitudes for each token: {@code [batch, …]}. */
  public Tensor l1() {
    return TensorScope.run(() -> gradient.abs().sum(-1, false));
  }

  /** The Euclidean length for each token: {@code [batch, …]}. */
  public Tensor l2() {
    return TensorScope.run(() -> gradient.square().sum(-1, false).sqrt());
  }
}
