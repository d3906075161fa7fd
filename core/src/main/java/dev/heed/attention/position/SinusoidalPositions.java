package dev.heed.attention.position;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Fixed sinusoids added to the embeddings.
 *
 * <p>{@code PE[t, i] = sin(t · w_i)} and {@code cos(t · w_i)} for n frequencies {@code w_i} falling
 * geometrically from {@code 1 / shortest} (Vaswani et al. 2017, section 3.5). Two layouts and two
 * spacings of the frequencies are in use, and checkpoints mix them.
 *
 * @param layout where sines and cosines stand
 * @param spacing how the frequencies fall
 * @param shortest the first wavelength divided by 2π, usually 1
 * @param longest the last wavelength divided by 2π, usually 10000
 */
public record SinusoidalPositions(Layout layout, Spacing spacing, double shortest, double longest) {
  /** Where sines and cosines stand in a row. */
  public enum Layout {
    /** {@code sin, cos, sin, cos, …}, as in the paper. */
    INTERLEAVED,
    /** All sines, then all cosines, then a zero if the size is odd, as in tensor2tensor. */
    HALVES
  }

  /** How the frequencies fall. */
  public enum Spacing {
    /** {@code (longest/shortest)^(-2i/d)}, as in the paper: the longest is never quite reached. */
    BY_SIZE,
    /** {@code (longest/shortest)^(-i/(n-1))} for n frequencies: both ends are reached. */
    BY_ENDS
  }

  /** As the paper writes it. */
  public static final SinusoidalPositions PAPER =
      new SinusoidalPositions(Layout.INTERLEAVED, Spacing.BY_SIZE, 1, 10_000);

  /** As tensor2tensor and fairseq compute it. */
  public static final SinusoidalPositions TENSOR2TENSOR =
      new SinusoidalPositions(Layout.HALVES, Spacing.BY_ENDS, 1, 10_000);

  /** As Marian computes it: sines before cosines, the paper's frequencies. */
  public static final SinusoidalPositions MARIAN =
      new SinusoidalPositions(Layout.HALVES, Spacing.BY_SIZE, 1, 10_000);

  /** Checks the wavelengths. */
  public SinusoidalPositions {
    if (!(shortest > 0 && longest >= shortest)) {
      throw new IllegalArgumentException(
          "timescales: expected 0 < shortest <= longest, got " + shortest + " and " + longest);
    }
  }

  /**
   * The rows for given positions, computed in double and rounded once.
   *
   * @param positions i64 of any shape {@code [...]}
   * @param size of a row, from 1
   * @return {@code [..., size]}
   */
  public Tensor at(Tensor positions, long size, DType dtype) {
    return TensorScope.run(() -> {
      Tensor angles = positions.to(DType.F64).unsqueeze(-1).mul(frequencies(size));
      return arrange(angles.sin(), angles.cos(), size).to(dtype);
    });
  }

  /** The rows for positions {@code start … start + length - 1}: {@code [length, size]}. */
  public Tensor table(long start, long length, long size, DType dtype) {
    return TensorScope.run(() -> at(Tensor.arange(length, DType.I64).add(start), size, dtype));
  }

  private Tensor frequencies(long size) {
    long count = layout == Layout.INTERLEAVED ? (size + 1) / 2 : size / 2;
    double step = spacing == Spacing.BY_SIZE ? 2.0 / size : 1.0 / Math.max(1, count - 1);
    return Tensor.arange(count, DType.F64)
        .mul(-step * Math.log(longest / shortest))
        .exp()
        .mul(shortest);
  }

  private Tensor arrange(Tensor sines, Tensor cosines, long size) {
    if (layout == Layout.INTERLEAVED) {
      Tensor pairs = Tensor.stack(List.of(sines, cosines), -1);
      return pairs.flatten(-2, -1).narrow(-1, 0, size);
    }
    List<Tensor> parts = new ArrayList<>(List.of(sines, cosines));
    if (size % 2 == 1) {
      long[] zeros = sines.shape().toArray();
      zeros[zeros.length - 1] = 1;
      parts.add(Tensor.zeros(Shape.of(zeros), DType.F64));
    }
    return Tensor.cat(parts, -1);
  }
}
