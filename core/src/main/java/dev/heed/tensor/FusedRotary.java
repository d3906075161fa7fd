package dev.heed.tensor;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.Workspace;

/**
 * Rotary positions on the Java engine: each row's pairs {@code (a, b)} become {@code (a·cos -
 * b·sin, b·cos + a·sin)} in one pass, to the same bits as by an operator for each step.
 *
 * <p>Half precision is rounded after each product and each sum, as those operators round it.
 */
public final class FusedRotary {
  private FusedRotary() {}

  /**
   * Whether it computes with this tensor; otherwise an operator for each step does, which gradients
   * flow through.
   *
   * @param x {@code [..., T, D]}
   */
  public static boolean fits(Tensor x) {
    return x.engine() instanceof JavaEngine && x.rank() >= 2 && x.dtype().isFloating();
  }

  /** Cosines and sines of places, rounded to an element type. */
  public static final class Angles {
    private final DType type;
    private final int pairs;
    private final float[] floatCosines;
    private final float[] floatSines;
    private final double[] cosines;
    private final double[] sines;

    private Angles(DType type, int pairs, int count) {
      this.type = type;
      this.pairs = pairs;
      boolean wide = type == DType.F64;
      floatCosines = new float[wide ? 0 : count];
      floatSines = new float[wide ? 0 : count];
      cosines = new double[wide ? count : 0];
      sines = new double[wide ? count : 0];
    }

    /**
     * Of the angles {@code place · frequency}, which are taken in double precision.
     *
     * @param places of tokens
     * @param frequencies one for each pair
     * @param magnitude that cosines and sines are multiplied by
     * @param type floating, of the rows to be turned
     */
    public static Angles of(long[] places, double[] frequencies, double magnitude, DType type) {
      int pairs = frequencies.length;
      Angles angles = new Angles(type, pairs, Math.multiplyExact(places.length, pairs));
      for (int t = 0; t < places.length; t++) {
        for (int i = 0; i < pairs; i++) {
          double angle = places[t] * frequencies[i];
          angles.set(t * pairs + i, Math.cos(angle) * magnitude, Math.sin(angle) * magnitude);
        }
      }
      return angles;
    }

    private void set(int at, double cosine, double sine) {
      if (type == DType.F64) {
        cosines[at] = cosine;
        sines[at] = sine;
      } else {
        floatCosines[at] = Elements.rounded((float) cosine, type);
        floatSines[at] = Elements.rounded((float) sine, type);
      }
    }

    private int places() {
      return Math.max(floatCosines.length, cosines.length) / pairs;
    }
  }

  /**
   * Turns the first {@code 2 · pairs} elements of each row; the rest stay.
   *
   * @param x {@code [..., T, D]} that {@link #fits}
   * @param angles of {@code T} places; or of {@code B · T}, for x {@code [B, ..., T, D]}
   * @param neighbours whether elements 2i and 2i + 1 form a pair, and not i and i + pairs
   * @return the shape of x, owned by the current scope
   * @throws ShapeException if the angles are not of x's type and rows
   */
  public static Tensor apply(Tensor x, Angles angles, boolean neighbours) {
    Strided from = x.strided();
    long length = from.sizes()[from.rank() - 2];
    boolean shared = angles.places() == length;
    if (x.dtype() != angles.type
        || x.size(-1) < 2L * angles.pairs
        || !(shared || angles.places() == length * from.sizes()[0])) {
      throw new ShapeException(
          "rotary positions: expected "
              + angles.type
              + " rows of at least "
              + 2 * angles.pairs
              + " elements for "
              + angles.places()
              + " places, got "
              + x.describe());
    }
    Strided to = Strided.allocate(from.type(), from.sizes());
    if (from.elements() == 0) {
      return Tensor.wrap(to);
    }
    int rows = Math.toIntExact(from.elements() / x.size(-1));
    int each = shared ? rows : Math.toIntExact(rows / from.sizes()[0]);
    Pass pass = new Pass(from, to, angles, neighbours, Math.toIntExact(length), each);
    JavaLayers.share(rows, from.elements(), pass::row);
    return Tensor.wrap(to);
  }

  /**
   * One pass over all rows.
   *
   * @param length how many places follow each other
   * @param each how many rows have one set of angles
   */
  private record Pass(
      Strided from, Strided to, Angles angles, boolean neighbours, int length, int each) {
    void row(int row, Workspace workspace) {
      int last = from.rank() - 1;
      long at = from.row(row);
      int size = (int) from.sizes()[last];
      long step = from.strides()[last];
      long into = (long) row * size;
      int angle = (row / each * length + row % length) * angles.pairs;
      Buffers buffers = Buffers.of(workspace);
      if (from.type() == DType.F64) {
        doubles(at, step, into, angle, buffers);
      } else {
        floats(at, step, into, angle, buffers);
      }
      rest(at, step, into, size - 2 * angles.pairs, buffers);
    }

    /** The distance from one pair to the next, and from a pair's first element to its second. */
    private long between(long step) {
      return neighbours ? 2 * step : step;
    }

    private long within(long step) {
      return neighbours ? step : angles.pairs * step;
    }

    private void floats(long at, long step, long into, int angle, Buffers buffers) {
      int n = angles.pairs;
      DType type = from.type();
      float[] a = buffers.floats(0, n);
      float[] b = buffers.floats(1, n);
      Elements.load(from.data(), type, at, between(step), a, n);
      Elements.load(from.data(), type, at + within(step), between(step), b, n);
      if (type == DType.F32) {
        turn(a, b, angles.floatCosines, angles.floatSines, angle, n);
      } else {
        turnHalf(a, b, angles.floatCosines, angles.floatSines, angle, n, type);
      }
      Elements.store(a, to.data(), type, into, between(1), n);
      Elements.store(b, to.data(), type, into + within(1), between(1), n);
    }

    private void doubles(long at, long step, long into, int angle, Buffers buffers) {
      int n = angles.pairs;
      double[] a = buffers.doubles(0, n);
      double[] b = buffers.doubles(1, n);
      Elements.load(from.data(), DType.F64, at, between(step), a, n);
      Elements.load(from.data(), DType.F64, at + within(step), between(step), b, n);
      for (int i = 0; i < n; i++) {
        double first = a[i];
        double second = b[i];
        double cosine = angles.cosines[angle + i];
        double sine = angles.sines[angle + i];
        a[i] = first * cosine - second * sine;
        b[i] = second * cosine + first * sine;
      }
      Elements.store(a, to.data(), DType.F64, into, between(1), n);
      Elements.store(b, to.data(), DType.F64, into + within(1), between(1), n);
    }

    /** What is not turned. */
    private void rest(long at, long step, long into, int count, Buffers buffers) {
      int turned = 2 * angles.pairs;
      if (count == 0) {
        return;
      }
      if (from.type() == DType.F64) {
        double[] row = buffers.doubles(0, count);
        Elements.load(from.data(), DType.F64, at + turned * step, step, row, count);
        Elements.store(row, to.data(), DType.F64, into + turned, 1, count);
      } else {
        float[] row = buffers.floats(0, count);
        Elements.load(from.data(), from.type(), at + turned * step, step, row, count);
        Elements.store(row, to.data(), from.type(), into + turned, 1, count);
      }
    }
  }

  /** No multiply–add: each product is rounded, as by operators of their own. */
  private static void turn(
      float[] a, float[] b, float[] cosines, float[] sines, int angle, int count) {
    for (int i = 0; i < count; i++) {
      float first = a[i];
      float second = b[i];
      float cosine = cosines[angle + i];
      float sine = sines[angle + i];
      a[i] = first * cosine - second * sine;
      b[i] = second * cosine + first * sine;
    }
  }

  private static void turnHalf(
      float[] a, float[] b, float[] cosines, float[] sines, int angle, int count, DType type) {
    for (int i = 0; i < count; i++) {
      float cosine = cosines[angle + i];
      float sine = sines[angle + i];
      float first = Elements.rounded(a[i] * cosine, type) - Elements.rounded(b[i] * sine, type);
      b[i] = Elements.rounded(b[i] * cosine, type) + Elements.rounded(a[i] * sine, type);
      a[i] = first;
    }
  }
}
