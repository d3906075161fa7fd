package dev.heed.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An affine map whose weights are laid out as {@link Panels}. */
final class JavaLinear implements LayerOperators.Packed {
  private final Panels panels;
  private final float @Nullable [] bias;

  private JavaLinear(Panels panels, float @Nullable [] bias) {
    this.panels = panels;
    this.bias = bias;
  }

  static JavaLinear of(List<Tensor> weights, List<Tensor> biases) {
    try (TensorScope scope = TensorScope.open()) {
      Strided w = Tensor.cat(weights, 0).contiguous().strided();
      int columns = Math.toIntExact(w.sizes()[0]);
      int depth = Math.toIntExact(w.sizes()[1]);
      MatrixView transposed = new MatrixView(w.data(), w.type(), w.offset(), 1, depth);
      Panels panels =
          w.type() == DType.BF16
              ? new Panels.HalfFloats(transposed, depth, columns)
              : new Panels.Floats(transposed, depth, columns);
      return new JavaLinear(panels, biases.isEmpty() ? null : Tensor.cat(biases, 0).toFloatArray());
    }
  }

  @Override
  public Tensor apply(Tensor x, PackedLinear.Then then) {
    if (x.rank() == 0 || x.size(-1) != panels.depth) {
      throw new ShapeException(
          "linear: expected an input [..., " + panels.depth + "], got " + x.describe());
    }
    return TensorScope.run(() -> {
      long[] sizes = x.shape().toArray();
      sizes[sizes.length - 1] = panels.columns;
      Tensor rows = rows(x);
      return Tensor.wrap(apply(rows.strided(), panels, new Panels.Finish(bias, then)))
          .reshape(sizes);
    });
  }

  /** All vectors of the last dimension, below each other. */
  static Tensor rows(Tensor x) {
    long count = 1;
    for (int d = 0; d + 1 < x.rank(); d++) {
      count *= x.size(d);
    }
    return x.reshape(count, x.size(-1));
  }

  /** Maps {@code [rows, depth]} to {@code [rows, columns]}. */
  static Strided apply(Strided rows, Panels panels, Panels.Finish finish) {
    int count = Math.toIntExact(rows.sizes()[0]);
    Strided out = Strided.allocate(rows.type(), count, panels.columns);
    MatrixView from =
        new MatrixView(
            rows.data(), rows.type(), rows.offset(), rows.strides()[0], rows.strides()[1]);
    MatrixView into = new MatrixView(out.data(), out.type(), 0, panels.columns, 1);
    new MatrixProduct(
            1, count, panels.depth, panels.columns, i -> from, i -> panels, i -> into, finish)
        .run();
    return out;
  }

  @Override
  public void close() {
    // the arrays are the garbage collector's
  }
}
