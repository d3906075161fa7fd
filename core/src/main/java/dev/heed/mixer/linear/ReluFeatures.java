package dev.heed.mixer.linear;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Features of the ReLU kernel: {@code φ(x) = relu(W x · D^-¼) + ε}.
 *
 * <p>Source: Choromanski et al. 2021, section 2.2 (generalised attention) and section 4.
 *
 * @param projection W, {@code [m, D]}
 * @param epsilon ε, above 0, so that no denominator is zero
 */
public record ReluFeatures(Tensor projection, double epsilon) implements FeatureMap {
  @Override
  public Tensor queries(Tensor q) {
    return TensorScope.run(() ->
        q.mul(Math.pow(q.size(-1), -0.25))
            .matmul(projection.to(q.dtype()).transpose(0, 1))
            .relu()
            .add(epsilon));
  }

  @Override
  public Tensor keys(Tensor k) {
    return queries(k);
  }
}
