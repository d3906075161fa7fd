package dev.heed.nn;

import dev.heed.tensor.Recurrent;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * Gated recurrent units (Cho et al. 2014), gates r, z, n as in PyTorch; see {@link Recurrent#gru}.
 */
public final class Gru extends Module {
  private final List<Tensor> parameters;
  private final Layout layout;

  /** With parameters {@code weight_ih_l0}, {@code weight_hh_l0}, {@code bias_ih_l0}, …. */
  public Gru(Weights weights, long in, long hidden, Layout layout) {
    super(weights);
    this.parameters = RecurrentParameters.of(weights, 3, in, hidden, layout);
    this.layout = layout;
  }

  /**
   * Runs over a sequence.
   *
   * @param x {@code [B, T, in]}
   * @param h0 first states {@code [layers · directions, B, hidden]}
   */
  public States apply(Tensor x, Tensor h0) {
    return Recurrent.gru(x, h0, parameters, layout);
  }

  /**
   * Runs over sequences of unequal length; see {@link Recurrent#gru(Tensor, Tensor, Tensor, List,
   * Layout)}.
   *
   * @param lengths i64 {@code [B]}
   */
  public States apply(Tensor x, Tensor h0, Tensor lengths) {
    return Recurrent.gru(x, lengths, h0, parameters, layout);
  }
}
