package dev.heed.model.roformer;

import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * The table of angles that a RoFormer file may hold: all sines, then all cosines, of {@code t ·
 * base^(-2i/d)}. The positions are computed anew, so a table must be this one.
 */
final class StoredSinusoids {
  /** Beyond the rounding of half precision. */
  private static final double FARTHEST = 2e-3;

  private StoredSinusoids() {}

  /**
   * Checks the table at a path, if there is one.
   *
   * @throws IllegalArgumentException if it holds other values
   */
  static void require(Weights weights, long rows, long size, double base) {
    if (!weights.has("weight")) {
      return;
    }
    Initializer exact = (shape, dtype, generator) -> table(rows, size, base).to(dtype);
    Tensor stored = weights.buffer("weight", exact, rows, size);
    double farthest =
        TensorScope.run(() -> stored.to(DType.F64).sub(table(rows, size, base)).abs().max()).item();
    if (!(farthest <= FARTHEST)) {
      throw new IllegalArgumentException(
          weights.name("weight")
              + ": expected the sines and cosines of rotary positions, got values that differ by "
              + farthest);
    }
  }

  private static Tensor table(long rows, long size, double base) {
    return TensorScope.run(() -> {
      Tensor frequencies = Tensor.arange(size / 2, DType.F64).mul(-2 * Math.log(base) / size).exp();
      Tensor angles = Tensor.arange(rows, DType.F64).unsqueeze(1).mul(frequencies);
      return Tensor.cat(List.of(angles.sin(), angles.cos()), 1);
    });
  }
}
