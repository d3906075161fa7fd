package dev.heed.tensor;

import org.bytedeco.pytorch.global.torch;

/** LibTorch's Mersenne twister. */
final class LibTorchRandom implements RandomSource {
  private final org.bytedeco.pytorch.Generator handle;
  private final org.bytedeco.pytorch.GeneratorOptional optional;

  LibTorchRandom(long seed) {
    Bootstrap.load();
    this.handle = Pinned.call(() -> torch.createCPUGenerator(seed));
    this.optional = Pinned.call(() -> new org.bytedeco.pytorch.GeneratorOptional(handle));
  }

  @Override
  public Tensor normal(Shape shape, DType dtype) {
    return Native.call("randn", () -> torch.randn(shape.toArray(), optional, options(dtype)));
  }

  @Override
  public Tensor uniform(Shape shape, DType dtype) {
    return Native.call("rand", () -> torch.rand(shape.toArray(), optional, options(dtype)));
  }

  @Override
  public Tensor integers(long bound, Shape shape) {
    return Native.call(
        "randint", () -> torch.randint(bound, shape.toArray(), optional, options(DType.I64)));
  }

  @Override
  public Tensor permutation(long n) {
    return Native.call("randperm", () -> torch.randperm(n, optional, options(DType.I64)));
  }

  @Override
  public Tensor bernoulli(Tensor like, double probability) {
    return Native.op("dropout", like, v -> torch.bernoulli(v, probability, optional));
  }

  @Override
  public Tensor multinomial(Tensor weights, long draws, boolean replacement) {
    return Native.op(
        "multinomial", weights, x -> torch.multinomial(x, draws, replacement, optional));
  }

  @Override
  public long nextSeed() {
    return Native.run(
        "nextSeed",
        () -> {
          try (var options = new org.bytedeco.pytorch.TensorOptions(torch.ScalarType.Long);
              var drawn = torch.randint(Long.MAX_VALUE, new long[] {1}, optional, options)) {
            return drawn.item_long();
          }
        });
  }

  @Override
  public Tensor state() {
    return Native.call("state", handle::get_state);
  }

  @Override
  public void setState(Tensor state) {
    handle.set_state(state.handle());
  }

  private static org.bytedeco.pytorch.TensorOptions options(DType dtype) {
    return Conversions.options(dtype, Device.CPU);
  }

  @Override
  public void close() {
    Pinned.close(optional);
    Pinned.close(handle);
  }
}
