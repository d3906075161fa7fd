package dev.heed.mixer.linear;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Random directions that are orthogonal within blocks of D, which estimates a kernel with less
 * variance than independent ones.
 *
 * <p>Source: Choromanski et al. 2021, section 2.4 and appendix B.
 */
public final class OrthogonalProjection {
  /** How long the rows are. */
  public enum Length {
    /** As long as independent normal vectors: the estimate has no bias. */
    GAUSSIAN,
    /** All {@code √D}: less variance, a little bias ("regularised" softmax kernel). */
    REGULARISED
  }

  /** Which of the bases that a QR decomposition may give. */
  enum Basis {
    /** With a positive diagonal of R: every direction is equally likely (Mezzadri 2007). */
    HAAR,
    /**
     * As LAPACK's reflections leave it and as the reference code takes it: the k-th entry of the
     * k-th row leans to the negative side, which biases the kernel's estimate.
     */
    HOUSEHOLDER
  }

  private OrthogonalProjection() {}

  /**
   * Draws a projection.
   *
   * @param features m, the number of rows, from 1
   * @param size D, the number of columns, from 1
   * @return {@code [m, D]}
   */
  public static Tensor draw(
      Generator random, long features, long size, Length length, DType dtype) {
    if (features < 1 || size < 1) {
      throw new IllegalArgumentException(
          "projection: expected at least one row and one column, got " + features + " and " + size);
    }
    return TensorScope.run(() -> {
      DType wide = dtype.ofSums(); // LibTorch decomposes nothing in half precision
      List<Tensor> blocks = new ArrayList<>();
      for (long rows = 0; rows < features; rows += size) {
        blocks.add(Tensor.randn(random, Shape.of(size, size), wide));
      }
      Tensor drawn =
          switch (length) {
            case GAUSSIAN ->
                gaussian(blocks, Tensor.randn(random, Shape.of(features, size), wide), Basis.HAAR);
            case REGULARISED -> regularised(blocks, features, Basis.HAAR);
          };
      return drawn.to(dtype);
    });
  }

  /**
   * Rows as long as those of a normal matrix.
   *
   * @param blocks normal matrices {@code [D, D]}
   * @param lengths the normal matrix {@code [m, D]} that gives the lengths
   */
  static Tensor gaussian(List<Tensor> blocks, Tensor lengths, Basis basis) {
    return TensorScope.run(
        () -> directions(blocks, lengths.size(0), basis).mul(lengths.norm(1, true)));
  }

  /** Rows of length {@code √D}. */
  static Tensor regularised(List<Tensor> blocks, long features, Basis basis) {
    return TensorScope.run(() -> {
      Tensor directions = directions(blocks, features, basis);
      return directions.mul(Math.sqrt(directions.size(1)));
    });
  }

  private static Tensor directions(List<Tensor> blocks, long features, Basis basis) {
    List<Tensor> rows = blocks.stream().map(block -> rows(block, basis)).toList();
    return Tensor.cat(rows, 0).narrow(0, 0, features);
  }

  private static Tensor rows(Tensor block, Basis basis) {
    LinearAlgebra.Qr qr = LinearAlgebra.qr(block);
    Tensor rows = qr.q().transpose(0, 1);
    return switch (basis) {
      case HAAR -> rows.mul(qr.r().diagonal(0, 0, 1).sign().unsqueeze(1));
      case HOUSEHOLDER -> rows;
    };
  }
}
