package dev.heed.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An affine map whose weights lie as they came, for where nothing packs them. */
final class PlainLinear implements LayerOperators.Packed {
  private final Tensor weight;
  private final @Nullable Tensor bias;

  private PlainLinear(Tensor weight, @Nullable Tensor bias) {
    this.weight = weight;
    this.bias = bias;
  }

  static PlainLinear of(List<Tensor> weights, List<Tensor> biases) {
    try (TensorScope scope = TensorScope.inference()) {
      Tensor weight = TensorScope.release(Tensor.cat(weights, 0).detach().copy());
      return new PlainLinear(
          weight,
          biases.isEmpty() ? null : TensorScope.release(Tensor.cat(biases, 0).detach().copy()));
    }
  }

  @Override
  public Tensor apply(Tensor x, PackedLinear.Then then) {
    return TensorScope.run(() -> {
      Tensor y = x.linear(weight, bias);
      return switch (then) {
        case NOTHING -> y;
        case RELU -> y.relu();
        case GELU -> y.gelu(false);
        case GELU_TANH -> y.gelu(true);
        case SILU -> y.silu();
        case TANH -> y.tanh();
        case SIGMOID -> y.sigmoid();
      };
    });
  }

  @Override
  public void close() {
    weight.close();
    if (bias != null) {
      bias.close();
    }
  }
}
