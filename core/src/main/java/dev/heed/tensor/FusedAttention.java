package dev.heed.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** LibTorch's own scaled dot-product attention. */
public final class FusedAttention {
  private FusedAttention() {}

  /**
   * {@code softmax(q·kᵀ·scale + mask) · v}, part of the graph of gradients.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, Hkv, Tk, D]}, {@code H} a multiple of {@code Hkv}
   * @param v {@code [B, Hkv, Tk, Dv]}
   * @param mask broadcast to {@code [B, H, Tq, Tk]}: truth values ({@code true} = may attend) or
   *     numbers added to the scores; null for none. A row without keys gives what LibTorch gives
   * @param causal whether a query sees only keys up to its own row, counted from the top left; not
   *     together with a mask
   * @param scale of {@code q·k}
   * @return {@code [B, H, Tq, Dv]}
   */
  public static Tensor apply(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
    boolean grouped = q.size(1) != k.size(1);
    LackingOperatorException.refuseJava("scaled dot-product attention", q);
    return Native.call(
        "scaled dot-product attention",
        () -> {
          try (var optional = Native.optional(mask);
              DoubleOptional factor = new DoubleOptional(scale)) {
            return torch.scaled_dot_product_attention(
                q.handle(), k.handle(), v.handle(), optional, 0, causal, factor, grouped);
          }
        },
        q,
        k,
        v);
  }
}
