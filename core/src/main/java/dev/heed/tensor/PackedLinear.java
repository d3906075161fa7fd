package dev.heed.tensor;

import java.util.List;
import java.util.stream.Stream;

/**
 * An affine map whose weights are laid out once as the engine's kernels read them: {@code f(x · Wᵀ
 * + b)} in one pass, without gradients.
 *
 * <p>It holds a copy of the weights. {@link #fits} says whether the copy still stands for them and
 * nothing needs gradients; elsewhere use {@link Tensor#linear}.
 */
public final class PackedLinear implements AutoCloseable {
  /** What is applied to each element before it is written. */
  public enum Then {
    /** {@code y}. */
    NOTHING,
    /** {@code max(y, 0)}. */
    RELU,
    /** {@code y·Φ(y)}. */
    GELU,
    /** The tanh approximation of {@link #GELU}. */
    GELU_TANH,
    /** {@code y·σ(y)}. */
    SILU,
    /** {@code tanh(y)}. */
    TANH,
    /** {@code σ(y)}. */
    SIGMOID
  }

  private final List<Tensor> sources;
  private final LayerOperators.Packed blocks;
  private final long version;

  private PackedLinear(List<Tensor> sources, LayerOperators.Packed blocks) {
    this.sources = sources;
    this.blocks = blocks;
    this.version = version();
  }

  /** Whether weights of this type can be packed on this machine. */
  public static boolean supports(Tensor weight) {
    return weight.elements() > 0 && weight.engine().packs(weight);
  }

  /**
   * Packs one map, or several of the same input as one whose results stand side by side.
   *
   * @param weights each {@code [out, in]}, f32 or bf16; they stay the caller's
   * @param biases each {@code [out]}, or none at all; they stay the caller's
   * @return owned by the caller
   */
  public static PackedLinear of(List<Tensor> weights, List<Tensor> biases) {
    List<Tensor> sources = Stream.concat(weights.stream(), biases.stream()).toList();
    return new PackedLinear(sources, weights.getFirst().engine().pack(weights, biases));
  }

  /** Whether {@link #apply} gives for this input what {@link Tensor#linear} would. */
  public boolean fits(Tensor x) {
    return x.dtype() == sources.getFirst().dtype()
        && x.elements() > 0
        && version == version()
        && !(Gradients.areEnabled() && (x.requiresGrad() || trained()));
  }

  private boolean trained() {
    return sources.stream().anyMatch(Tensor::requiresGrad);
  }

  /** Maps {@code [..., in]} to {@code [..., out]}, owned by the current scope. */
  public Tensor apply(Tensor x, Then then) {
    return blocks.apply(x, then);
  }

  /** Counts changes in place; an inference tensor has no counter and cannot be changed. */
  private long version() {
    long sum = 0;
    for (Tensor source : sources) {
      sum += source.changesInPlace();
    }
    return sum;
  }

  @Override
  public void close() {
    blocks.close();
  }
}
