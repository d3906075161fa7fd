package dev.heed.nn;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A feed-forward network whose inner values are gated: {@code y = (f(x·Wg) ⊙ x·Wu) · Wd} (Shazeer
 * 2020, section 2: GLU variants; SwiGLU with {@code silu}, GeGLU with {@code gelu}).
 */
public final class GatedFeedForward extends Module {
  private final UnaryOperator<Tensor> gated;
  private final Linear down;
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
    this(weights, x -> gate.apply(x, activation).mul(up.apply(x)), down, dropout);
  }

  private GatedFeedForward(
      Weights weights, UnaryOperator<Tensor> gated, Linear down, Dropout dropout) {
    super(weights);
    this.gated = gated;
    this.down = down;
    this.dropout = dropout;
  }

  /**
   * From two maps, where gate and values are rows of one.
   *
   * @param gateAndUp {@code [2 · inner, size]}: first the rows that go through the activation
   * @param down {@code [size, inner]}
   * @param dropout of the gated inner values while training
   */
  public static GatedFeedForward fused(
      Weights weights, Linear gateAndUp, Linear down, Activation activation, Dropout dropout) {
    return halves(weights, gateAndUp, down, activation, dropout, 0);
  }

  /**
   * The same where the rows that go through the activation come last (Moonshine).
   *
   * @param upAndGate {@code [2 · inner, size]}
   * @param down {@code [size, inner]}
   * @param dropout of the gated inner values while training
   */
  public static GatedFeedForward fusedLast(
      Weights weights, Linear upAndGate, Linear down, Activation activation, Dropout dropout) {
    return halves(weights, upAndGate, down, activation, dropout, 1);
  }

  private static GatedFeedForward halves(
      Weights weights, Linear both, Linear down, Activation activation, Dropout dropout, int gate) {
    return new GatedFeedForward(
        weights,
        x -> {
          List<Tensor> halves = both.apply(x).chunk(2, -1);
          return activation.apply(halves.get(gate)).mul(halves.get(1 - gate));
        },
        down,
        dropout);
  }

  /** Llama's: maps named {@code gate_proj}, {@code up_proj}, {@code down_proj}, no dropout. */
  public static GatedFeedForward of(
      Weights weights, long size, long inner, boolean bias, Activation activation) {
    return new GatedFeedForward(
        weights,
        Linear.of(weights.child("gate_proj"), size, inner, bias),
        Linear.of(weights.child("up_proj"), size, inner, bias),
        Linear.of(weights.child("down_proj"), inner, size, bias),
        activation,
        new Dropout(0));
  }

  /** Maps {@code [..., size]} to {@code [..., size]}. */
  public Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> down.apply(dropout.apply(gated.apply(x), trace)));
  }
}
