package dev.heed.mixer.linear;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Positive random features of the softmax kernel: {@code φ(x) = m^-½ (exp(W x' - |x'|²/2 - s) +
 * ε)}, {@code x' = x · D^-¼}, so that {@code φ(q) · φ(k) ≈ exp(q · k / √D)} up to factors that the
 * denominator cancels.
 *
 * <p>The stabiliser s is the largest {@code W x'} of each query; gradients do not flow through it.
 *
 * <p>Source: Choromanski et al., "Rethinking attention with Performers", 2021, section 2.3, lemma
 * 1.
 *
 * @param projection W, {@code [m, D]}
 * @param epsilon ε, from 0
 * @param keyStabiliser s of the keys
 */
public record SoftmaxFeatures(Tensor projection, double epsilon, KeyStabiliser keyStabiliser)
    implements FeatureMap {
  /** What is subtracted from the keys' exponents. */
  public enum KeyStabiliser {
    /**
     * Nothing: the exponent cannot pass {@code |w|²/2} anyway, about D/2, so that float holds it up
     * to D = 128. The past does not depend on the future.
     */
    NONE,
    /**
     * The largest of all keys of the head, as in the reference code; through ε, a later key then
     * changes earlier outputs a little.
     */
    ALL_KEYS
  }

  @Override
  public Tensor queries(Tensor q) {
    return TensorScope.run(() -> {
      Tensor projected = projected(q);
      return features(q, projected.sub(projected.detach().amax(-1, true)));
    });
  }

  @Override
  public Tensor keys(Tensor k) {
    return TensorScope.run(() -> {
      Tensor projected = projected(k);
      return switch (keyStabiliser) {
        case NONE -> features(k, projected);
        case ALL_KEYS ->
            features(k, projected.sub(projected.detach().amax(-1, true).amax(-2, true)));
      };
    });
  }

  private Tensor projected(Tensor x) {
    return x.mul(Math.pow(x.size(-1), -0.25)).matmul(projection.to(x.dtype()).transpose(0, 1));
  }

  private Tensor features(Tensor x, Tensor exponent) {
    double halfSquareScale = 0.5 / Math.sqrt(x.size(-1));
    Tensor halfSquare = x.square().sum(-1, true).mul(halfSquareScale);
    return exponent.sub(halfSquare).exp().add(epsilon).div(Math.sqrt(projection.size(0)));
  }
}
