package dev.heed.tensor;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Parts of layers, by LibTorch. */
interface LibTorchLayers extends LayerOperators {
  @Override
  default Tensor matmul(Tensor x, Tensor y) {
    return areSlow(x, y)
        ? TensorScope.run(() -> x.to(DType.F32).matmul(y.to(DType.F32)).to(DType.BF16))
        : Native.op("matmul", x, y, (a, b) -> a.matmul(b));
  }

  /**
   * Whether a product of these is left to LibTorch's plain loops, a hundredth of the speed: it is
   * then summed in f32, as oneDNN would, and rounded once.
   */
  private static boolean areSlow(Tensor x, Tensor y) {
    return x.dtype() == DType.BF16
        && y.dtype() == DType.BF16
        && x.device().equals(Device.CPU)
        && !OneDnn.multipliesHalf();
  }

  @Override
  default Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    if (areSlow(x, weight) && (bias == null || bias.dtype() == DType.BF16)) {
      return TensorScope.run(() -> {
        Tensor shift = bias == null ? null : bias.to(DType.F32);
        return x.to(DType.F32).linear(weight.to(DType.F32), shift).to(DType.BF16);
      });
    }
    return Native.op(
        "linear",
        x,
        weight,
        (a, w) -> {
          try (var optional = Native.optional(bias)) {
            return torch.linear(a, w, optional);
          }
        });
  }

  @Override
  default Tensor solveUnitLower(Tensor matrix, Tensor right) {
    return Native.op(
        "solveUnitLower",
        matrix,
        right,
        (a, b) -> torch.linalg_solve_triangular(a, b, false, true, true));
  }

  @Override
  default Tensor correlation(Tensor x, Tensor y, long n) {
    return TensorScope.run(
        () -> Fourier.irfft(Fourier.rfft(x, n).mul(Fourier.conjugate(Fourier.rfft(y, n))), n));
  }

  @Override
  default Tensor einsum(String equation, Tensor... operands) {
    return Native.call(
        "einsum " + equation,
        () -> {
          try (TensorVector vector = Conversions.vector(List.of(operands))) {
            return torch.einsum(equation, vector);
          }
        },
        operands);
  }

  @Override
  default Tensor softmax(Tensor x, int dim) {
    return Native.op("softmax", x, h -> h.softmax(dim));
  }

  @Override
  default Tensor logSoftmax(Tensor x, int dim) {
    return Native.op("logSoftmax", x, h -> h.log_softmax(dim));
  }

  @Override
  default Tensor logSumExp(Tensor x, int dim, boolean keep) {
    return Native.op("logSumExp", x, h -> h.logsumexp(new long[] {dim}, keep));
  }

  @Override
  default Tensor layerNorm(Tensor x, @Nullable Tensor gain, @Nullable Tensor bias, double epsilon) {
    return Native.op(
        "layerNorm",
        x,
        h -> {
          try (var scale = Native.optional(gain);
              var shift = Native.optional(bias)) {
            return torch.layer_norm(h, new long[] {h.size(-1)}, scale, shift, epsilon, false);
          }
        });
  }

  @Override
  default Tensor conv1d(
      Tensor x, Tensor weight, @Nullable Tensor bias, Convolution.Geometry geometry) {
    return Native.call(
        "conv1d",
        () -> {
          try (var optional = Native.optional(bias)) {
            return torch.conv1d(
                x.handle(),
                weight.handle(),
                optional,
                new long[] {geometry.stride()},
                new long[] {geometry.padding()},
                new long[] {geometry.dilation()},
                geometry.groups());
          }
        },
        x,
        weight);
  }

  @Override
  default Tensor conv2d(
      Tensor x, Tensor weight, @Nullable Tensor bias, Convolution.Geometry geometry) {
    return Native.call(
        "conv2d",
        () -> {
          try (var optional = Native.optional(bias)) {
            return torch.conv2d(
                x.handle(),
                weight.handle(),
                optional,
                new long[] {geometry.stride(), geometry.stride()},
                new long[] {geometry.padding(), geometry.padding()},
                new long[] {geometry.dilation(), geometry.dilation()},
                geometry.groups());
          }
        },
        x,
        weight);
  }

  @Override
  default Tensor maxPool2d(Tensor x, long kernel, long stride, long padding) {
    return Native.call(
        "maxPool2d",
        () ->
            torch.max_pool2d(
                x.handle(),
                new long[] {kernel, kernel},
                new long[] {stride, stride},
                new long[] {padding, padding},
                new long[] {1, 1},
                false),
        x);
  }

  @Override
  default Tensor avgPool2d(Tensor x, long kernel, long stride, long padding) {
    return Native.call(
        "avgPool2d",
        () ->
            torch.avg_pool2d(
                x.handle(),
                new long[] {kernel, kernel},
                new long[] {stride, stride},
                new long[] {padding, padding},
                false,
                false,
                new LongOptional()),
        x);
  }

  @Override
  default Tensor batchNorm(
      Tensor x,
      @Nullable Tensor gain,
      @Nullable Tensor bias,
      @Nullable Tensor mean,
      @Nullable Tensor variance,
      boolean training,
      double momentum,
      double epsilon) {
    return Native.call(
        "batchNorm",
        () -> {
          try (var scale = Native.optional(gain);
              var shift = Native.optional(bias);
              var runningMean = Native.optional(mean);
              var runningVariance = Native.optional(variance)) {
            return torch.batch_norm(
                x.handle(),
                scale,
                shift,
                runningMean,
                runningVariance,
                training,
                momentum,
                epsilon,
                false);
          }
        },
        x);
  }

  @Override
  default boolean packs(Tensor weight) {
    return weight.device().equals(Device.CPU)
        && (weight.dtype() == DType.F32 && OneDnn.isUsed()
            || weight.dtype() == DType.BF16 && OneDnn.multipliesHalf());
  }

  @Override
  default Packed pack(List<Tensor> weights, List<Tensor> biases) {
    return packs(weights.getFirst())
        ? OneDnnLinear.of(weights, biases)
        : PlainLinear.of(weights, biases);
  }
}
