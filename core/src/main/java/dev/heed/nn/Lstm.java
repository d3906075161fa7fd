package dev.heed.nn;

import dev.heed.tensor.Recurrent;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Tensor;
import java.util.List;

/** Long short-term memory (Hochreiter and Schmidhuber 1997); see {@link Recurrent#lstm}. */
public final class Lstm extends Module {
  private final List<Tensor> parameters;
  private final Layout layout;

  /** With parameters {@code weight_ih_l0}, {@code weight_hh_l0}, {@code bias_ih_l0}, …. */
  public Lstm(Weights weights, long in, long hidden, Layout layout) {
    super(weights);
    this.parameters = RecurrentParameters.of(weights, 4, in, hidden, layout);
    this.layout = layout;
  }

  /**
   * Runs over a sequence.
   *
   * @param x {@code [B, T, in]}
   * @param h0 first states {@code [layers · directions, B, hidden]}
   * @param c0 first cell states, of the same shape
   */
  public States apply(Tensor x, Tensor h0, Tensor c0) {
    return Recurrent.lstm(x, h0, c0, parameters, layout);
  }
}
