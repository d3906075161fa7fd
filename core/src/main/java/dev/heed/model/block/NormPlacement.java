package dev.heed.model.block;

import dev.heed.nn.Dropout;
import dev.heed.nn.Norm;

/** Where a residual block normalises. */
public enum NormPlacement {
  /** {@code y = norm(x + f(x))} (Vaswani et al. 2017). */
  POST {
    @Override
    public Residual around(Norm norm, LayerBody body, Dropout dropout) {
      return Residual.post(norm, body, dropout);
    }
  },
  /** {@code y = x + f(norm(x))} (Radford et al. 2019; Xiong et al. 2020). */
  PRE {
    @Override
    public Residual around(Norm norm, LayerBody body, Dropout dropout) {
      return Residual.pre(norm, body, dropout);
    }
  };

  /**
   * A residual block around what it computes.
   *
   * @param dropout of the body's result while training
   */
  public abstract Residual around(Norm norm, LayerBody body, Dropout dropout);
}
