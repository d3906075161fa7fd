package dev.heed.attention.position;

import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Rotary position embedding: turns pairs of elements of queries and keys by an angle proportional
 * to the position, so that their product depends on the distance only.
 *
 * <p>Pair i at position t turns by {@code t · base^(-2i/rotated)} (Su et al. 2021, equation 15).
 *
 * @param layout which elements form a pair
 * @param rotated how many leading elements of a head are turned, even; the rest pass through
 * @param base usually 10000
 * @param scaling how positions beyond the trained length are treated
 */
public record RotaryPositions(PairLayout layout, long rotated, double base, RotaryScaling scaling) {
  /** Checks sizes. */
  public RotaryPositions {
    if (rotated < 2 || rotated % 2 != 0) {
      throw new IllegalArgumentException(
          "rotary positions: expected an even number of rotated elements from 2, got " + rotated);
    }
    if (!(base > 0)) {
      throw new IllegalArgumentException("rotary positions: expected a positive base, got " + base);
    }
  }

  /** Unscaled. */
  public RotaryPositions(PairLayout layout, long rotated, double base) {
    this(layout, rotated, base, RotaryScaling.NONE);
  }

  /**
   * Turns the elements at positions {@code offset, offset + 1, …}.
   *
   * @param x {@code [B, H, T, D]}
   */
  public Tensor apply(Tensor x, long offset) {
    return TensorScope.run(() -> apply(x, Tensor.arange(x.size(-2), DType.I64).add(offset)));
  }

  /**
   * Turns the elements at given positions.
   *
   * @param x {@code [B, H, T, D]}
   * @param positions i64 {@code [T]} or {@code [B, T]}
   * @return the shape of x
   * @throws ShapeException if a head has fewer elements than are rotated
   */
  public Tensor apply(Tensor x, Tensor positions) {
    long size = x.size(-1);
    if (size < rotated) {
      throw new ShapeException(
          "rotary positions: expected heads of at least " + rotated + " elements, got " + size);
    }
    return TensorScope.run(() -> {
      Tensor angles = angles(positions);
      double magnitude = scaling.magnitude();
      Tensor turned =
          layout.rotate(
              x.narrow(-1, 0, rotated),
              angles.cos().mul(magnitude).to(x.dtype()),
              angles.sin().mul(magnitude).to(x.dtype()));
      return size == rotated
          ? turned
          : Tensor.cat(List.of(turned, x.narrow(-1, rotated, size - rotated)), -1);
    });
  }

  /** In double, {@code [T, rotated / 2]} or {@code [B, 1, T, rotated / 2]}. */
  private Tensor angles(Tensor positions) {
    // A cached token stands at the end of a longer text: its place counts, not how many came with
    // it.
    long length = positions.elements() == 0 ? 0 : positions.max().itemLong() + 1;
    Tensor frequencies = Tensor.of(scaling.frequencies(base, rotated, length), rotated / 2);
    Tensor angles = positions.to(DType.F64).unsqueeze(-1).mul(frequencies);
    return positions.rank() == 2 ? angles.unsqueeze(1) : angles;
  }
}
