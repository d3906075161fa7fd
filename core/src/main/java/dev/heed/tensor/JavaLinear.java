package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An affine map whose weights are laid out as {@link Panels}. Several maps of stored blocks are
 * computed one after the other, since their blocks stay where they lie.
 */
final class JavaLinear implements LayerOperators.Packed {
  private final int depth;
  private final int columns;
  private final List<Panels> parts;
  private final float @Nullable [] bias;

  private JavaLinear(List<Panels> parts, float @Nullable [] bias) {
    this.parts = parts;
    this.bias = bias;
    this.depth = parts.getFirst().depth;
    this.columns = parts.stream().mapToInt(part -> part.columns).sum();
  }

  static JavaLinear of(List<Tensor> weights, List<Tensor> biases) {
    try (TensorScope scope = TensorScope.open()) {
      float @Nullable [] bias = biases.isEmpty() ? null : Tensor.cat(biases, 0).toFloatArray();
      List<Panels> stored = new ArrayList<>();
      for (Tensor weight : weights) {
        MatrixView view = transposed(weight.strided());
        Panels panels =
            StoredPanels.of(view, Math.toIntExact(weight.size(1)), Math.toIntExact(weight.size(0)));
        if (panels != null) {
          stored.add(panels);
        }
      }
      if (stored.size() == weights.size()) {
        return new JavaLinear(stored, bias);
      }
      Strided w = Tensor.cat(weights, 0).contiguous().strided();
      int columns = Math.toIntExact(w.sizes()[0]);
      int depth = Math.toIntExact(w.sizes()[1]);
      Panels panels =
          w.type() == DType.BF16
              ? new Panels.HalfFloats(transposed(w), depth, columns)
              : new Panels.Floats(transposed(w), depth, columns);
      return new JavaLinear(List.of(panels), bias);
    }
  }

  private static MatrixView transposed(Strided w) {
    return new MatrixView(w.memory(), w.type(), w.offset(), w.strides()[1], w.strides()[0]);
  }

  @Override
  public Tensor apply(Tensor x, PackedLinear.Then then) {
    if (x.rank() == 0 || x.size(-1) != depth) {
      throw new ShapeException(
          "linear: expected an input [..., " + depth + "], got " + x.describe());
    }
    return over(
        x,
        columns,
        (rows, out) -> {
          int first = 0;
          for (Panels part : parts) {
            into(out, columns, first, rows, part, new Panels.Finish(bias, first, then));
            first += part.columns;
          }
        });
  }

  /**
   * An affine map whose weights lie as they were read.
   *
   * @param x {@code [..., depth]}
   * @param weight {@code [columns, depth]}
   * @param bias {@code [columns]}
   */
  static Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Strided w = weight.strided();
    int columns = Math.toIntExact(w.sizes()[0]);
    Panels panels = Panels.of(transposed(w), Math.toIntExact(w.sizes()[1]), columns);
    Panels.Finish finish =
        bias == null
            ? Panels.Finish.NONE
            : new Panels.Finish(bias.toFloatArray(), 0, PackedLinear.Then.NOTHING);
    return over(x, columns, (rows, out) -> into(out, columns, 0, rows, panels, finish));
  }

  /** Computes a new tensor {@code [..., columns]} from all vectors of the last dimension. */
  private static Tensor over(Tensor x, int columns, BiConsumer<Strided, Strided> body) {
    Strided given = x.strided();
    Strided rows = rows(given);
    if (rows == null) {
      return TensorScope.run(() -> over(x.contiguous(), columns, body));
    }
    long[] sizes = given.sizes().clone();
    sizes[sizes.length - 1] = columns;
    Strided out = Strided.allocate(given.type(), sizes);
    body.accept(rows, out);
    return Tensor.wrap(out);
  }

  /** All vectors of the last dimension below each other, or null if that needs a copy. */
  private static @Nullable Strided rows(Strided x) {
    int last = x.rank() - 1;
    long count = 1;
    for (int d = 0; d < last; d++) {
      count *= x.sizes()[d];
    }
    long[] sizes = {count, x.sizes()[last]};
    long[] strides = x.stridesUnder(sizes);
    return strides == null ? null : new Strided(x.memory(), x.offset(), sizes, strides, x.type());
  }

  /** Writes a map's result from a column on, where a row has so many. */
  private static void into(
      Strided out, int across, int column, Strided rows, Panels panels, Panels.Finish finish) {
    int count = Math.toIntExact(rows.sizes()[0]);
    MatrixView from =
        new MatrixView(
            rows.memory(), rows.type(), rows.offset(), rows.strides()[0], rows.strides()[1]);
    MatrixView to = new MatrixView(out.memory(), out.type(), column, across, 1);
    new MatrixProduct(
            1, count, panels.depth, panels.columns, i -> from, i -> panels, i -> to, finish)
        .run();
  }

  @Override
  public void close() {
    // the arrays are the garbage collector's
  }
}
