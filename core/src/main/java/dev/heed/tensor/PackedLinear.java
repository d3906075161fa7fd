package dev.heed.tensor;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An affine map whose weights are laid out once in the blocks that oneDNN's kernels read: {@code
 * f(x · Wᵀ + b)} in one pass, without gradients.
 *
 * <p>It holds a copy of the weights. {@link #fits} says whether the copy still stands for them and
 * nothing needs gradients; elsewhere use {@link Tensor#linear}.
 */
public final class PackedLinear implements AutoCloseable {
  /** What is applied to each element before it is written. */
  public enum Then {
    /** {@code y}. */
    NOTHING("none", ""),
    /** {@code max(y, 0)}. */
    RELU("relu", ""),
    /** {@code y·Φ(y)}. */
    GELU("gelu", "none"),
    /** The tanh approximation of {@link #GELU}. */
    GELU_TANH("gelu", "tanh"),
    /** {@code y·σ(y)}. */
    SILU("swish", ""),
    /** {@code tanh(y)}. */
    TANH("tanh", ""),
    /** {@code σ(y)}. */
    SIGMOID("sigmoid", "");

    private final String name;
    private final String algorithm;

    Then(String name, String algorithm) {
      this.name = name;
      this.algorithm = algorithm;
    }
  }

  /** The operators, found at the first use. */
  private static final class Operators {
    static final BoxedOperator REORDER = new BoxedOperator("mkldnn::_reorder_linear_weight");
    static final BoxedOperator LINEAR = new BoxedOperator("mkldnn::_linear_pointwise");
    static final Type.TypePtr SCALARS = LINEAR.elementsOf(4);
  }

  /** The batch for which oneDNN chooses the layout; others run from the same one. */
  private static final long TYPICAL_ROWS = 256;

  private final List<Tensor> sources;
  private final Tensor blocks;
  private final @Nullable Tensor bias;
  private final long version;

  private PackedLinear(List<Tensor> sources, Tensor blocks, @Nullable Tensor bias) {
    this.sources = sources;
    this.blocks = blocks;
    this.bias = bias;
    this.version = version();
  }

  /** Whether weights of this type can be packed on this machine. */
  public static boolean supports(Tensor weight) {
    return torch.hasMKLDNN()
        && (weight.dtype() == DType.F32 || weight.dtype() == DType.BF16)
        && weight.device().equals(Device.CPU)
        && weight.elements() > 0;
  }

  /**
   * Packs one map, or several of the same input as one whose results stand side by side.
   *
   * @param weights each {@code [out, in]}, f32 or bf16; they stay the caller's
   * @param biases each {@code [out]}, or none at all; they stay the caller's
   * @return owned by the caller
   */
  public static PackedLinear of(List<Tensor> weights, List<Tensor> biases) {
    try (TensorScope scope = TensorScope.inference()) {
      Tensor weight = Tensor.cat(weights, 0).detach();
      Tensor bias = biases.isEmpty() ? null : Tensor.cat(biases, 0).detach().copy();
      Tensor blocks =
          Native.call(
              "pack",
              () -> {
                try (var arguments = new BoxedOperator.Arguments().add(weight).add(TYPICAL_ROWS)) {
                  return Operators.REORDER.call(arguments);
                }
              },
              weight);
      TensorScope.release(blocks);
      List<Tensor> sources = Stream.concat(weights.stream(), biases.stream()).toList();
      return new PackedLinear(sources, blocks, bias == null ? null : TensorScope.release(bias));
    }
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
    return Native.call(
        "linear",
        () -> {
          try (var arguments =
              new BoxedOperator.Arguments()
                  .add(x)
                  .add(blocks)
                  .add(bias)
                  .add(then.name)
                  .addEmpty(Operators.SCALARS)
                  .add(then.algorithm)) {
            return Operators.LINEAR.call(arguments);
          }
        },
        x);
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
    if (bias != null) {
      bias.close();
    }
  }
}
