package dev.heed.tensor;

import java.util.List;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;

/** An affine map whose weights lie in the blocks that oneDNN's kernels read. */
final class OneDnnLinear implements LayerOperators.Packed {
  /** The operators, found at the first use. */
  private static final class Operators {
    static final BoxedOperator REORDER = new BoxedOperator("mkldnn::_reorder_linear_weight");
    static final BoxedOperator LINEAR = new BoxedOperator("mkldnn::_linear_pointwise");
    static final Type.TypePtr SCALARS = LINEAR.elementsOf(4);
  }

  /** The batch for which oneDNN chooses the layout; others run from the same one. */
  private static final long TYPICAL_ROWS = 256;

  private final Tensor blocks;
  private final @Nullable Tensor bias;

  private OneDnnLinear(Tensor blocks, @Nullable Tensor bias) {
    this.blocks = blocks;
    this.bias = bias;
  }

  static OneDnnLinear of(List<Tensor> weights, List<Tensor> biases) {
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
      return new OneDnnLinear(blocks, bias == null ? null : TensorScope.release(bias));
    }
  }

  /** Whether weights in bf16 are packed on this processor. */
  static boolean takesHalf() {
    try (TensorScope scope = TensorScope.inference()) {
      of(List.of(Tensor.zeros(Shape.of(1, 1), DType.BF16)), List.of()).close();
      return true;
    } catch (TensorException e) {
      return false;
    }
  }

  @Override
  public Tensor apply(Tensor x, PackedLinear.Then then) {
    return map(x, blocks, bias, then);
  }

  /**
   * {@code x · Wᵀ + b} for weights as they lie, without gradients.
   *
   * @param weight {@code [out, in]}, perhaps the transposed view of another
   */
  static Tensor product(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return map(x, weight, bias, PackedLinear.Then.NOTHING);
  }

  private static Tensor map(
      Tensor x, Tensor weight, @Nullable Tensor bias, PackedLinear.Then then) {
    return Native.call(
        "linear",
        () -> {
          try (var arguments =
              new BoxedOperator.Arguments()
                  .add(x)
                  .add(weight)
                  .add(bias)
                  .add(name(then))
                  .addEmpty(Operators.SCALARS)
                  .add(algorithm(then))) {
            return Operators.LINEAR.call(arguments);
          }
        },
        x);
  }

  private static String name(PackedLinear.Then then) {
    return switch (then) {
      case NOTHING -> "none";
      case RELU -> "relu";
      case GELU, GELU_TANH -> "gelu";
      case SILU -> "swish";
      case TANH -> "tanh";
      case SIGMOID -> "sigmoid";
    };
  }

  private static String algorithm(PackedLinear.Then then) {
    return switch (then) {
      case GELU -> "none";
      case GELU_TANH -> "tanh";
      case NOTHING, RELU, SILU, TANH, SIGMOID -> "";
    };
  }

  @Override
  public void close() {
    blocks.close();
    if (bias != null) {
      bias.close();
    }
  }
}
