package dev.heed.attention.position;

import dev.heed.tensor.DType;
import dev.heed.tensor.FusedRotary;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
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
  /** A length beyond any that a model was trained on. */
  private static final long FAR = 1L << 40;

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
    requireRoom(x);
    if (FusedRotary.fits(x)) {
      long[] places = new long[Math.toIntExact(x.size(-2))];
      Arrays.setAll(places, t -> offset + t);
      return FusedRotary.apply(x, LatestAngles.of(this, places, x.dtype()), areNeighbours());
    }
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
    requireRoom(x);
    if (fits(x, positions)) {
      FusedRotary.Angles angles = LatestAngles.of(this, positions.toLongArray(), x.dtype());
      return FusedRotary.apply(x, angles, areNeighbours());
    }
    // A cached token stands at the end of a longer text: its place counts, not how many came with
    // it.
    long length = positions.elements() == 0 ? 0 : positions.max().itemLong() + 1;
    return turn(x, positions, frequencies(length), scaling.magnitude());
  }

  /** Whether a token's angles depend on how long the whole sequence is. */
  public boolean dependsOnLength() {
    return !Arrays.equals(frequencies(1), frequencies(FAR));
  }

  /**
   * What was turned in a sequence of one length, as it is in one of another.
   *
   * @param turned {@code [B, H, T, D]}
   * @param positions i64 {@code [T]} or {@code [B, T]}
   * @param from the length it was turned for, from 1
   * @param to the other length
   * @return the shape of {@code turned}; itself where the angles are the same
   */
  public Tensor turnedAnew(Tensor turned, Tensor positions, long from, long to) {
    double[] more = frequencies(to);
    double[] before = frequencies(from);
    if (Arrays.equals(more, before)) {
      return turned;
    }
    Arrays.setAll(more, i -> more[i] - before[i]);
    if (fits(turned, positions)) {
      FusedRotary.Angles angles =
          FusedRotary.Angles.of(positions.toLongArray(), more, 1, turned.dtype());
      return FusedRotary.apply(turned, angles, areNeighbours());
    }
    return turn(turned, positions, more, 1);
  }

  /** The angles by which pairs turn from one position to the next, in a text of a length. */
  double[] frequencies(long length) {
    return scaling.frequencies(base, rotated, length);
  }

  private void requireRoom(Tensor x) {
    if (x.size(-1) < rotated) {
      throw new ShapeException(
          "rotary positions: expected heads of at least "
              + rotated
              + " elements, got "
              + x.size(-1));
    }
  }

  private boolean areNeighbours() {
    return layout == PairLayout.INTERLEAVED;
  }

  /** Whether all is turned in one pass: every row has a place, and none is there twice. */
  private static boolean fits(Tensor x, Tensor positions) {
    return FusedRotary.fits(x)
        && positions.rank() > 0
        && positions.size(-1) == x.size(-2)
        && (positions.rank() == 1
            || (positions.rank() == 2
                && x.rank() == 4
                && (positions.size(0) == 1 || positions.size(0) == x.size(0))));
  }

  /** By an operator for each step. */
  Tensor turn(Tensor x, Tensor positions, double[] frequencies, double magnitude) {
    long size = x.size(-1);
    return TensorScope.run(() -> {
      // In double, [T, rotated / 2] or [B, 1, T, rotated / 2]
      Tensor steps = positions.rank() == 2 ? positions.unsqueeze(1) : positions;
      Tensor angles = steps.to(DType.F64).unsqueeze(-1).mul(Tensor.of(frequencies));
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
}
