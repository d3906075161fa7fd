package dev.heed.tensor;

import org.jspecify.annotations.Nullable;

/** Convolutions and pooling, in Java: windows are views, and their sums are matrix products. */
interface JavaConvolution extends LayerOperators {
  @Override
  default Tensor conv1d(
      Tensor x, Tensor weight, @Nullable Tensor bias, Convolution.Geometry geometry) {
    if (x.rank() != 3 || weight.rank() != 3) {
      throw new ShapeException(
          "conv1d: expected [batch, in, time] and [out, in, kernel], got "
              + x.describe()
              + " and "
              + weight.describe());
    }
    return TensorScope.run(() -> {
      Tensor padded = x.pad(0, geometry.padding(), geometry.padding());
      return convolve("conv1d", padded.unsqueeze(2), weight.unsqueeze(2), bias, geometry, true)
          .squeeze(2);
    });
  }

  @Override
  default Tensor conv2d(
      Tensor x, Tensor weight, @Nullable Tensor bias, Convolution.Geometry geometry) {
    if (x.rank() != 4 || weight.rank() != 4) {
      throw new ShapeException(
          "conv2d: expected [batch, in, height, width] and [out, in, kernel, kernel], got "
              + x.describe()
              + " and "
              + weight.describe());
    }
    long p = geometry.padding();
    return TensorScope.run(
        () -> convolve("conv2d", x.pad(0, p, p, p, p), weight, bias, geometry, false));
  }

  /** Of a padded {@code [B, in, H, W]}; {@code flat} has one row, in which nothing moves down. */
  private static Tensor convolve(
      String operation,
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Convolution.Geometry geometry,
      boolean flat) {
    long groups = geometry.groups();
    long in = weight.size(1);
    if (groups < 1
        || x.size(1) != in * groups
        || weight.size(0) % groups != 0
        || x.dtype() != weight.dtype()) {
      throw new ShapeException(
          operation
              + ": expected an input of "
              + in * groups
              + " channels and the type of the weight, got "
              + x.describe()
              + " and "
              + weight.describe()
              + " in "
              + groups
              + " groups");
    }
    Tensor windows = windows(operation, x, weight.size(2), weight.size(3), geometry, flat);
    Tensor sums =
        groups > 1 && in == 1 && weight.size(0) == groups
            ? depthwise(windows, weight)
            : grouped(windows, weight, groups);
    return bias == null ? sums : sums.add(bias.view(-1, 1, 1));
  }

  /** Views of {@code [B, C, H, W]} as {@code [B, C, H', W', kernel, kernel]}. */
  private static Tensor windows(
      String operation,
      Tensor x,
      long kernelHeight,
      long kernelWidth,
      Convolution.Geometry geometry,
      boolean flat) {
    Strided s = x.strided();
    long down = flat ? 1 : geometry.stride();
    long height = steps(s.sizes()[2], kernelHeight, down, flat ? 1 : geometry.dilation());
    long width = steps(s.sizes()[3], kernelWidth, geometry.stride(), geometry.dilation());
    if (height < 1 || width < 1) {
      throw new ShapeException(
          operation
              + ": expected an input that holds a kernel of "
              + kernelHeight
              + " by "
              + kernelWidth
              + ", got "
              + x.describe()
              + " with padding");
    }
    long[] strides = s.strides();
    return Tensor.wrap(
        s.view(
            s.offset(),
            new long[] {s.sizes()[0], s.sizes()[1], height, width, kernelHeight, kernelWidth},
            new long[] {
              strides[0],
              strides[1],
              strides[2] * down,
              strides[3] * geometry.stride(),
              strides[2] * geometry.dilation(),
              strides[3] * geometry.dilation()
            }));
  }

  private static long steps(long size, long kernel, long stride, long dilation) {
    long reach = dilation * (kernel - 1) + 1;
    return size < reach ? 0 : (size - reach) / stride + 1;
  }

  private static Tensor grouped(Tensor windows, Tensor weight, long groups) {
    long batch = windows.size(0);
    long height = windows.size(2);
    long width = windows.size(3);
    long out = weight.size(0);
    long depth = weight.elements() / Math.max(1, out);
    // [B, groups, in · kernel · kernel, H' · W']
    Tensor columns =
        windows.permute(0, 1, 4, 5, 2, 3).reshape(batch, groups, depth, height * width);
    return weight
        .reshape(groups, out / groups, depth)
        .matmul(columns)
        .reshape(batch, out, height, width);
  }

  /** Each channel by itself: the sum of its taps, one after the other. */
  private static Tensor depthwise(Tensor windows, Tensor weight) {
    Tensor sum = null;
    for (long i = 0; i < weight.size(2); i++) {
      for (long j = 0; j < weight.size(3); j++) {
        Tensor tap = weight.select(3, j).select(2, i).view(-1, 1, 1);
        Tensor part = windows.select(5, j).select(4, i).widened().mul(tap.widened());
        sum = sum == null ? part : sum.addInPlace(part, 1);
      }
    }
    return java.util.Objects.requireNonNull(sum).to(windows.dtype());
  }

  @Override
  default Tensor correlation(Tensor x, Tensor y, long n) {
    int size = Math.toIntExact(n);
    if (size < 1 || x.rank() < 1 || y.rank() < 1 || !x.dtype().isFloating()) {
      throw new ShapeException(
          "correlation: expected signals and a length of 1 or more, got "
              + x.describe()
              + ", "
              + y.describe()
              + " and "
              + n);
    }
    return TensorScope.run(() -> {
      double[] left = x.pad(0, 0, n - x.size(-1)).toDoubleArray();
      double[] right = y.pad(0, 0, n - y.size(-1)).toDoubleArray();
      long[] sizes = x.shape().toArray();
      sizes[sizes.length - 1] = n;
      if (left.length != right.length) {
        throw new ShapeException(
            "correlation: expected signals of one outer shape, got "
                + x.describe()
                + " and "
                + y.describe());
      }
      double[] sums = new double[left.length];
      for (int row = 0; row < left.length; row += size) {
        for (int t = 0; t < size; t++) {
          double sum = 0;
          for (int s = 0; s < size; s++) {
            sum += left[row + (s + t) % size] * right[row + s];
          }
          sums[row + t] = sum;
        }
      }
      Strided out = Strided.allocate(x.dtype(), sizes);
      Elements.store(sums, out.data(), out.type(), 0, 1, sums.length);
      return Tensor.wrap(out);
    });
  }

  @Override
  default Tensor maxPool2d(Tensor x, long kernel, long stride, long padding) {
    return pooled("maxPool2d", x, kernel, stride, padding, true);
  }

  @Override
  default Tensor avgPool2d(Tensor x, long kernel, long stride, long padding) {
    return pooled("avgPool2d", x, kernel, stride, padding, false);
  }

  private static Tensor pooled(
      String operation, Tensor x, long kernel, long stride, long padding, boolean largest) {
    if (x.rank() != 4 || padding * 2 > kernel) {
      throw new ShapeException(
          operation
              + ": expected [batch, channels, height, width] and a padding of at most half the"
              + " kernel, got "
              + x.describe()
              + " and "
              + padding);
    }
    Convolution.Geometry geometry = new Convolution.Geometry(stride, 0, 1, 1);
    double outside = largest ? Double.NEGATIVE_INFINITY : 0;
    return TensorScope.run(() -> {
      Tensor padded = x.pad(outside, padding, padding, padding, padding);
      Tensor all = windows(operation, padded, kernel, kernel, geometry, false).flatten(4, 5);
      if (largest) {
        return all.amax(-1, false);
      }
      Tensor ones = x.engine().full(Shape.of(1, 1, x.size(2), x.size(3)), 1, x.dtype());
      Tensor inside = ones.pad(0, padding, padding, padding, padding);
      Tensor counts =
          windows(operation, inside, kernel, kernel, geometry, false).flatten(4, 5).sum(-1, false);
      return all.sum(-1, false).div(counts);
    });
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
    if (training || mean == null || variance == null) {
      throw new TensorException(
          "batchNorm: the Java engine normalises by running statistics alone; "
              + EngineChoice.LIBTORCH_REMEDY);
    }
    long[] sizes = new long[x.rank()];
    java.util.Arrays.fill(sizes, 1);
    sizes[1] = x.size(1);
    return TensorScope.run(() -> {
      Tensor scale = variance.widened().add(epsilon).rsqrt();
      Tensor factor = gain == null ? scale : scale.mul(gain.widened());
      Tensor away = x.widened().sub(mean.widened().view(sizes));
      Tensor result = away.mul(factor.view(sizes));
      return (bias == null ? result : result.add(bias.widened().view(sizes))).to(x.dtype());
    });
  }
}
