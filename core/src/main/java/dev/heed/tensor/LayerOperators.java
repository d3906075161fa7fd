package dev.heed.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of layers an {@link Engine} computes in one step. */
interface LayerOperators {
  Tensor matmul(Tensor x, Tensor y);

  Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias);

  Tensor solveUnitLower(Tensor matrix, Tensor right);

  Tensor correlation(Tensor x, Tensor y, long n);

  Tensor einsum(String equation, Tensor... operands);

  Tensor softmax(Tensor x, int dim);

  Tensor logSoftmax(Tensor x, int dim);

  Tensor logSumExp(Tensor x, int dim, boolean keep);

  Tensor layerNorm(Tensor x, @Nullable Tensor gain, @Nullable Tensor bias, double epsilon);

  Tensor conv1d(Tensor x, Tensor weight, @Nullable Tensor bias, Convolution.Geometry geometry);

  Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, Convolution.Geometry geometry);

  Tensor maxPool2d(Tensor x, long kernel, long stride, long padding);

  Tensor avgPool2d(Tensor x, long kernel, long stride, long padding);

  Tensor batchNorm(
      Tensor x,
      @Nullable Tensor gain,
      @Nullable Tensor bias,
      @Nullable Tensor mean,
      @Nullable Tensor variance,
      boolean training,
      double momentum,
      double epsilon);

  /** Whether {@link #pack} takes weights of this type. */
  boolean packs(Tensor weight);

  /**
   * Weights laid out once for many products.
   *
   * @param weights each {@code [out, in]}
   * @param biases each {@code [out]}, or none at all
   */
  Packed pack(List<Tensor> weights, List<Tensor> biases);

  /** An affine map whose weights are laid out as the engine reads them fastest. */
  interface Packed extends AutoCloseable {
    Tensor apply(Tensor x, PackedLinear.Then then);

    @Override
    void close();
  }
}
