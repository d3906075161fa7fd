package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = gelu(x · W₁ᵀ + b₁) · W₂ᵀ + b₂} with gradients of its own, for training in f32: the
 * products forward and for the inputs' gradients are oneDNN's, which reads transposed weights as
 * they lie and is faster there than the BLAS that LibTorch takes.
 */
public final class FusedFeedForward {
  /** Multiplications below which the graph's own steps are as quick. */
  private static final long FEWEST = 1L << 25;

  private FusedFeedForward() {}

  /**
   * Whether it computes what the single steps would, and is worth while.
   *
   * @param x {@code [..., in]}
   * @param inner {@code [size, in]}
   * @param outer {@code [out, size]}
   */
  public static boolean fits(Tensor x, Tensor inner, Tensor outer) {
    return x.elements() * inner.size(0) >= FEWEST
        && isOwn(x)
        && isOwn(inner)
        && isOwn(outer)
        && Gradients.areEnabled()
        && (x.requiresGrad() || inner.requiresGrad() || outer.requiresGrad())
        && inner.engine().packs(inner);
  }

  private static boolean isOwn(Tensor tensor) {
    return tensor.dtype() == DType.F32 && tensor.isContiguous();
  }

  /**
   * Computes both maps.
   *
   * @param x {@code [..., in]}, f32 like all others
   * @param inner W₁ {@code [size, in]}
   * @param innerBias b₁ {@code [size]}
   * @param outer W₂ {@code [out, size]}
   * @param outerBias b₂ {@code [out]}
   * @param tanh whether GELU is the tanh approximation
   * @return {@code [..., out]}, owned by the current scope
   */
  public static Tensor apply(
      Tensor x, Tensor inner, Tensor innerBias, Tensor outer, Tensor outerBias, boolean tanh) {
    List<Tensor> inputs = List.of(x, inner, innerBias, outer, outerBias);
    List<Boolean> asked = inputs.stream().map(Tensor::requiresGrad).toList();
    return CustomGradient.apply(
        inputs,
        () -> {
          Tensor rows = x.reshape(-1, x.size(-1));
          Tensor before = OneDnnLinear.product(rows, inner, innerBias);
          Tensor after = before.gelu(tanh);
          long[] shape = x.shape().toArray();
          shape[shape.length - 1] = outer.size(0);
          Tensor y = OneDnnLinear.product(after, outer, outerBias).view(shape);
          return new CustomGradient.Forward(y, List.of(rows, before, after, inner, outer));
        },
        (gradient, saved) -> backward(gradient, saved, asked, tanh));
  }

  private static List<@Nullable Tensor> backward(
      Tensor gradient, List<Tensor> saved, List<Boolean> asked, boolean tanh) {
    Tensor before = saved.get(1);
    Tensor inner = saved.get(3);
    Tensor outer = saved.get(4);
    Tensor dy = gradient.reshape(-1, outer.size(0)).contiguous();
    @Nullable Tensor dx = null;
    @Nullable Tensor dInner = null;
    @Nullable Tensor dInnerBias = null;
    if (asked.get(0) || asked.get(1) || asked.get(2)) {
      Tensor dAfter = OneDnnLinear.product(dy, outer.transpose(0, 1), null);
      Tensor dBefore =
          Native.op(
              "gelu backward",
              dAfter,
              before,
              (d, h) -> torch.gelu_backward(d, h, tanh ? "tanh" : "none"));
      dx = asked.get(0) ? OneDnnLinear.product(dBefore, inner.transpose(0, 1), null) : null;
      dInner = asked.get(1) ? dBefore.transpose(0, 1).matmul(saved.get(0)) : null;
      dInnerBias = asked.get(2) ? dBefore.sum(0, false) : null;
    }
    List<@Nullable Tensor> gradients = new ArrayList<>();
    gradients.add(dx == null ? null : dx.view(shaped(gradient, inner.size(1))));
    gradients.add(dInner);
    gradients.add(dInnerBias);
    gradients.add(asked.get(3) ? dy.transpose(0, 1).matmul(saved.get(2)) : null);
    gradients.add(asked.get(4) ? dy.sum(0, false) : null);
    return gradients;
  }

  private static long[] shaped(Tensor like, long last) {
    long[] shape = like.shape().toArray();
    shape[shape.length - 1] = last;
    return shape;
  }
}
