package dev.heed.tensor;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * {@code x / √(mean(x²) + ε) · g} of each row on the Java engine, in one pass.
 *
 * <p>Squares are rounded to f32 and summed in double precision, as by an operator for each step;
 * half precision is rounded where those operators round it.
 */
public final class FusedRmsNorm {
  private FusedRmsNorm() {}

  /**
   * Whether it computes with these; otherwise an operator for each step does, which gradients flow
   * through.
   *
   * @param x {@code [..., size]}
   * @param gain {@code [size]}
   */
  public static boolean fits(Tensor x, @Nullable Tensor gain) {
    return x.engine() instanceof JavaEngine
        && x.rank() > 0
        && isRounded(x.dtype())
        && (gain == null
            || (gain.engine() instanceof JavaEngine
                && gain.dtype() == x.dtype()
                && gain.rank() == 1
                && gain.size(0) == x.size(-1)));
  }

  private static boolean isRounded(DType type) {
    return type == DType.F32 || type == DType.F16 || type == DType.BF16;
  }

  /**
   * Normalises each row.
   *
   * @param x {@code [..., size]} that {@link #fits}, with the gain
   * @param gain {@code [size]}; none for 1
   * @param epsilon added to the mean of squares
   * @param offset added to the gain; where it is not 0, half precision is rounded once at the end
   * @return the shape and type of x, owned by the current scope
   */
  public static Tensor apply(Tensor x, @Nullable Tensor gain, double epsilon, double offset) {
    if (!fits(x, gain)) {
      throw new ShapeException(
          "FusedRmsNorm: expected rows of f32, f16 or bf16 on the Java engine and a gain for each"
              + " element, got "
              + x.describe()
              + (gain == null ? "" : " and " + gain.describe()));
    }
    Strided from = x.strided();
    Strided to = Strided.allocate(from.type(), from.sizes());
    if (from.elements() > 0) {
      int size = Math.toIntExact(x.size(-1));
      Pass pass = new Pass(from, to, gain == null ? null : gain.strided(), size, epsilon, offset);
      JavaLayers.share(Math.toIntExact(from.elements() / size), from.elements(), pass::row);
    }
    return Tensor.wrap(to);
  }

  /** One pass over all rows. */
  private record Pass(
      Strided from, Strided to, @Nullable Strided gain, int size, double epsilon, double offset) {
    void row(int row, Workspace workspace) {
      Buffers buffers = Buffers.of(workspace);
      float[] values = buffers.floats(0, size);
      DType type = from.type();
      long step = from.strides()[from.rank() - 1];
      Elements.load(from.data(), type, from.row(row), step, values, size);
      float mean = (float) (squares(values, size) / size);
      float factor = 1 / (float) Math.sqrt(mean + (float) epsilon);
      for (int i = 0; i < size; i++) {
        values[i] *= factor;
      }
      if (gain != null) {
        float[] gains = buffers.floats(1, size);
        Elements.load(gain.data(), type, gain.offset(), gain.strides()[0], gains, size);
        scale(values, gains, type);
      }
      Elements.store(values, to.data(), type, (long) row * size, 1, size);
    }

    private void scale(float[] values, float[] gains, DType type) {
      if (offset != 0) {
        float more = (float) offset;
        for (int i = 0; i < size; i++) {
          values[i] *= gains[i] + more;
        }
        return;
      }
      if (type != DType.F32) {
        for (int i = 0; i < size; i++) {
          values[i] = Elements.rounded(values[i], type);
        }
      }
      for (int i = 0; i < size; i++) {
        values[i] *= gains[i];
      }
    }
  }

  /** In four sums, of which none waits for another. */
  private static double squares(float[] row, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      a += row[i] * row[i];
      b += row[i + 1] * row[i + 1];
      c += row[i + 2] * row[i + 2];
      d += row[i + 3] * row[i + 3];
    }
    for (; i < count; i++) {
      a += row[i] * row[i];
    }
    return a + b + c + d;
  }
}
