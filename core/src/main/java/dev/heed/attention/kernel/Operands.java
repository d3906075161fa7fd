package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionSizes;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorException;

/** Tensors as the kernel reads them, and the checks of their shapes. */
final class Operands {
  private Operands() {}

  /** A tensor {@code [B, H, T, D]} of any strides, without a copy. */
  static Operand of(Tensor tensor) {
    return new Operand(
        tensor.span(),
        ElementFormat.of(tensor.dtype()),
        (int) tensor.size(0),
        (int) tensor.size(1),
        (int) tensor.size(2),
        (int) tensor.size(3),
        tensor.stride(0),
        tensor.stride(1),
        tensor.stride(2),
        tensor.stride(3));
  }

  /**
   * Checks that {@code q [B, H, Tq, D]}, {@code k [B, Hkv, Tk, D]} and {@code v [B, Hkv, Tk, Dv]}
   * fit, and that mask and modifier were made for them.
   */
  static void check(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    check(q, k, v);
    AttentionSizes sizes = AttentionSizes.of(Shape.of(q.size(0), q.size(1), q.size(2), k.size(2)));
    if (spec.mask() != null) {
      spec.mask().requireFit(sizes);
    }
    if (spec.modifier() != null) {
      spec.modifier().requireFit(sizes);
    }
  }

  private static void check(Tensor q, Tensor k, Tensor v) {
    for (Tensor tensor : new Tensor[] {q, k, v}) {
      if (tensor.rank() != 4) {
        throw new ShapeException(
            "attention: expected [batch, heads, time, head size], got " + tensor.describe());
      }
      if (tensor.dtype() != q.dtype()) {
        throw new TensorException(
            "attention: expected queries, keys and values of one type, got "
                + describe(q, k, v)
                + "; convert with to(…)");
      }
    }
    boolean fit =
        q.size(0) == k.size(0)
            && k.size(0) == v.size(0)
            && q.size(3) == k.size(3)
            && k.size(1) == v.size(1)
            && k.size(2) == v.size(2)
            && (k.size(1) == 0 ? q.size(1) == 0 : q.size(1) % k.size(1) == 0);
    if (!fit) {
      throw new ShapeException(
          "attention: expected q [B, H, Tq, D], k [B, Hkv, Tk, D], v [B, Hkv, Tk, Dv] with H a"
              + " multiple of Hkv, got "
              + describe(q, k, v));
    }
    for (long size : new long[] {q.size(2), k.size(2), q.size(3), v.size(3)}) {
      if (size > Integer.MAX_VALUE / 256) {
        throw new ShapeException("attention: sizes above 8388607 are not supported, got " + size);
      }
    }
  }

  private static String describe(Tensor q, Tensor k, Tensor v) {
    return "q " + q.describe() + ", k " + k.describe() + ", v " + v.describe();
  }

  /**
   * An output {@code [B, H, T, D]} whose heads lie side by side, so that joining them is a view.
   */
  static Tensor headsTogether(Tensor like, long width) {
    Shape shape = Shape.of(like.size(0), like.size(2), like.size(1), width);
    return Tensor.empty(shape, like.dtype()).transpose(1, 2);
  }
}
