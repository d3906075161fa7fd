package dev.heed.generate;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.Arrays;

/** What a model gives for rows of tokens, as arrays. */
final class OutputRows {
  private OutputRows() {}

  /** The last {@code count} places of {@code [rows, T, width]}. */
  static double[][][] split(Tensor values, int count) {
    int width = Math.toIntExact(values.size(2));
    double[] flat =
        values.narrow(1, values.size(1) - count, count).to(DType.F64).contiguous().toDoubleArray();
    double[][][] all = new double[Math.toIntExact(values.size(0))][count][];
    int from = 0;
    for (double[][] row : all) {
      for (int i = 0; i < count; i++) {
        row[i] = Arrays.copyOfRange(flat, from, from + width);
        from += width;
      }
    }
    return all;
  }

  static float[][][] floats(double[][][] values) {
    float[][][] all = new float[values.length][][];
    for (int r = 0; r < values.length; r++) {
      all[r] = new float[values[r].length][];
      for (int i = 0; i < all[r].length; i++) {
        all[r][i] = new float[values[r][i].length];
        for (int j = 0; j < all[r][i].length; j++) {
          all[r][i][j] = (float) values[r][i][j];
        }
      }
    }
    return all;
  }
}
