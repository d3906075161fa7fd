package dev.heed.nn;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A feed-forward network whose inner values are gated: {@code y = (f(x·Wg) ⊙ x·Wu) · Wd} (Shazeer
 * 2020, section 2: GLU variants; SwiGLU with {@code silu}, GeGLU with {@code gelu}).
 */
public final class GatedFeedForward extends Module {
  private final Linear gate;
  private final Linear up;
  private final Linear down;
  private final Activation activation;
  private final Dropout dropout;

  /**
   * From three maps that were built under the names the checkpoint gives them.
   *
   * @param gate {@code [inner, size]}, goes through the activation
   * @param up {@code [inner, size]}
   * @param down {@code [size, inner]}
   * @param dropout of the gated inner values while training
   */
  public GatedFeedForward(
      Weights weights,
      Linear gate,
      Linear up,
      Linear down,
      Activation activation,
      Dropout dropout) {
    super(weights);
    this.gate = gate;
    this.up = up;
    this.down = down;
    this.activation = activation;
    this.dropout = dropout;
  }

  /** Maps {@code [..., size]} to {@code [..., size]}. */
  public Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(
        () -> down.apply(dropout.apply(gate.apply(x, activation).mul(up.apply(x)), trace)));
  }
}
