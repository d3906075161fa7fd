package dev.heed.attention;

import dev.heed.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Where a residual block normalises. */
public enum NormPlacement {
  /** {@code y = norm(x + f(x))} (Vaswani et al. 2017). */
  POST {
    @Override
    public Tensor residual(Tensor x, UnaryOperator<Tensor> norm, UnaryOperator<Tensor> sublayer) {
      return norm.apply(x.add(sublayer.apply(x)));
    }
  },
  /** {@code y = x + f(norm(x))} (Radford et al. 2019; Xiong et al. 2020). */
  PRE {
    @Override
    public Tensor residual(Tensor x, UnaryOperator<Tensor> norm, UnaryOperator<Tensor> sublayer) {
      return x.add(sublayer.apply(norm.apply(x)));
    }
  };

  /** One residual block around a sublayer. */
  public abstract Tensor residual(
      Tensor x, UnaryOperator<Tensor> norm, UnaryOperator<Tensor> sublayer);
}
