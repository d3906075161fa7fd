package dev.heed.nn;

import dev.heed.tensor.Recurrent;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Tensor;
import java.util.List;

/** Elman's recurrent network with tanh (Elman 1990); see {@link Recurrent#tanh}. */
public final class Rnn extends Module {
  private final List<Tensor> parameters;
  private final Layout layout;

  /** With parameters {@code weight_ih_l0}, {@code weight_hh_l0}, {@code bias_ih_l0}, …. */
  public Rnn(Weights weights, long in, long hidden, Layout layout) {
    super(weights);
    this.parameters = RecurrentParameters.of(weights, 1, in, hidden, layout);
    this.layout = layout;
  }

  /**
   * Runs over a sequence.
   *
   * @param x {@code [B, T, in]}
   * @param h0 first states {@code [layers · directions, B, hidden]}
   */
  public States apply(Tensor x, Tensor h0) {
    return Recurrent.tanh(x, h0, parameters, layout);
  }
}
