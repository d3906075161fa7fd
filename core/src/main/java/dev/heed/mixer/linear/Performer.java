package dev.heed.mixer.linear;

import dev.heed.mixer.linear.SoftmaxFeatures.KeyStabiliser;
import dev.heed.tensor.Tensor;

/**
 * FAVOR+, fast attention via positive orthogonal random features: {@link LinearAttention} with
 * features whose products estimate the softmax kernel, or a ReLU kernel.
 *
 * <p>Source: Choromanski et al., "Rethinking attention with Performers", 2021. Projections come
 * from {@link OrthogonalProjection}.
 */
public final class Performer {
  /** ε of the softmax features in the reference code. */
  public static final double SOFTMAX_EPSILON = 1e-4;

  /** ε of the ReLU features in the reference code. */
  public static final double RELU_EPSILON = 1e-3;

  /** What the reference code adds to the keys' running sum. */
  private static final double CAUSAL_KEY_EPSILON = 1e-6;

  private Performer() {}

  /**
   * An estimate of softmax attention.
   *
   * @param projection {@code [m, D]}
   */
  public static LinearAttention softmax(Tensor projection, boolean causal) {
    return softmax(projection, causal, causal ? KeyStabiliser.NONE : KeyStabiliser.ALL_KEYS);
  }

  /**
   * An estimate of softmax attention.
   *
   * @param projection {@code [m, D]}
   * @param stabiliser {@link KeyStabiliser#ALL_KEYS} lets a causal form look ahead a little
   */
  public static LinearAttention softmax(
      Tensor projection, boolean causal, KeyStabiliser stabiliser) {
    return of(new SoftmaxFeatures(projection, SOFTMAX_EPSILON, stabiliser), causal);
  }

  /**
   * Attention with a ReLU kernel.
   *
   * @param projection {@code [m, D]}
   */
  public static LinearAttention relu(Tensor projection, boolean causal) {
    return of(new ReluFeatures(projection, RELU_EPSILON), causal);
  }

  private static LinearAttention of(FeatureMap features, boolean causal) {
    return new LinearAttention(features, causal, 0, causal ? CAUSAL_KEY_EPSILON : 0);
  }
}
