package dev.heed.tensor;

/**
 * Resizing, in Java: rows and columns each by a matrix of what every new point takes of the old
 * ones.
 */
interface JavaResizing extends ResizingOperators {
  /** Keys' constant. */
  double A = -0.75;

  /** What a new point takes of the old ones. */
  interface Kernel {
    /**
     * Adds the weights of one point.
     *
     * @param at where the point lies among the old ones
     * @param row one weight an old point
     */
    void add(double at, double[] row);
  }

  @Override
  default Tensor bicubic(Tensor x, long height, long width, boolean alignCorners) {
    double down = step(x.size(2), height, alignCorners);
    double across = step(x.size(3), width, alignCorners);
    return resized(x, height, width, down, across, alignCorners, JavaResizing::cubic);
  }

  @Override
  default Tensor bicubicByScale(Tensor x, double scaleHeight, double scaleWidth) {
    long height = (long) Math.floor(x.size(2) * scaleHeight);
    long width = (long) Math.floor(x.size(3) * scaleWidth);
    return resized(x, height, width, 1 / scaleHeight, 1 / scaleWidth, false, JavaResizing::cubic);
  }

  @Override
  default Tensor bilinear(Tensor x, long height, long width, boolean alignCorners) {
    double down = step(x.size(2), height, alignCorners);
    double across = step(x.size(3), width, alignCorners);
    return resized(x, height, width, down, across, alignCorners, JavaResizing::linear);
  }

  private static double step(long from, long to, boolean alignCorners) {
    return alignCorners ? (to > 1 ? (from - 1.0) / (to - 1) : 0) : (double) from / to;
  }

  private static Tensor resized(
      Tensor x,
      long height,
      long width,
      double down,
      double across,
      boolean alignCorners,
      Kernel kernel) {
    if (x.rank() != 4 || x.elements() == 0 || height < 1 || width < 1) {
      throw new ShapeException(
          "resizing: expected [batch, channels, height, width] to a size of 1 or more, got "
              + x.describe()
              + " to "
              + height
              + " by "
              + width);
    }
    return TensorScope.run(() -> {
      Tensor wide = x.widened();
      Tensor rows = weights(wide, x.size(2), height, down, alignCorners, kernel);
      Tensor columns = weights(wide, x.size(3), width, across, alignCorners, kernel);
      return rows.matmul(wide).matmul(columns.transpose(0, 1)).to(x.dtype());
    });
  }

  private static Tensor weights(
      Tensor like, long from, long to, double step, boolean alignCorners, Kernel kernel) {
    Strided matrix = Strided.allocate(like.dtype(), to, from);
    double[] row = new double[Math.toIntExact(from)];
    for (int i = 0; i < to; i++) {
      java.util.Arrays.fill(row, 0);
      kernel.add(alignCorners ? step * i : step * (i + 0.5) - 0.5, row);
      Elements.store(row, matrix.data(), matrix.type(), i * from, 1, row.length);
    }
    return Tensor.wrap(matrix);
  }

  private static void linear(double at, double[] row) {
    double place = Math.max(0, at);
    int low = Math.min((int) place, row.length - 1);
    int high = Math.min(low + 1, row.length - 1);
    row[low] += 1 - (place - low);
    row[high] += place - low;
  }

  private static void cubic(double at, double[] row) {
    int base = (int) Math.floor(at);
    double t = at - base;
    for (int tap = -1; tap <= 2; tap++) {
      int place = Math.clamp(base + tap, 0, row.length - 1);
      row[place] += cubic(Math.abs(t - tap));
    }
  }

  private static double cubic(double away) {
    return away <= 1
        ? ((A + 2) * away - (A + 3)) * away * away + 1
        : ((A * away - 5 * A) * away + 8 * A) * away - 4 * A;
  }
}
