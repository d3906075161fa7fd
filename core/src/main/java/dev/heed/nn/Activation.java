package dev.heed.nn;

import dev.heed.tensor.PackedLinear;
import dev.heed.tensor.PackedLinear.Then;
import dev.heed.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Element-wise activation functions, under the names of the checkpoints' configurations. */
public enum Activation {
  /** {@code max(x, 0)}. */
  RELU("relu", Then.RELU, Tensor::relu),
  /** {@code x·Φ(x)}, exact (Hendrycks and Gimpel 2016). */
  GELU("gelu", Then.GELU, x -> x.gelu(false)),
  /** {@code x·Φ(x)} by {@code 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))}. */
  GELU_NEW("gelu_new", Then.GELU_TANH, x -> x.gelu(true)),
  /** The tanh approximation under its other name. */
  GELU_PYTORCH_TANH("gelu_pytorch_tanh", Then.GELU_TANH, x -> x.gelu(true)),
  /** The tanh approximation with {@code √(2/π)} written as 0.7978845608. */
  GELU_FAST("gelu_fast", Then.GELU_TANH, x -> x.gelu(true)),
  /** The exact one under its other name. */
  GELU_PYTHON("gelu_python", Then.GELU, x -> x.gelu(false)),
  /** The tanh approximation under its other name. */
  GELU_PYTHON_TANH("gelu_python_tanh", Then.GELU_TANH, x -> x.gelu(true)),
  /** The tanh approximation under its other name. */
  GELU_ACCURATE("gelu_accurate", Then.GELU_TANH, x -> x.gelu(true)),
  /** The exact one cut at 10. */
  GELU_10("gelu_10", null, x -> x.gelu(false).clamp(-10, 10)),
  /** {@code x·σ(1.702·x)}. */
  QUICK_GELU("quick_gelu", null, x -> x.mul(x.mul(1.702).sigmoid())),
  /** {@code x·σ(x)}. */
  SILU("silu", Then.SILU, Tensor::silu),
  /** {@code x·σ(x)} under its other name. */
  SWISH("swish", Then.SILU, Tensor::silu),
  /** {@code tanh(x)}. */
  TANH("tanh", Then.TANH, Tensor::tanh),
  /** {@code σ(x)}. */
  SIGMOID("sigmoid", Then.SIGMOID, Tensor::sigmoid),
  /** {@code max(x, 0)²} (So et al. 2021). */
  RELU2("relu2", null, x -> x.relu().square()),
  /** {@code x·tanh(log(1 + eˣ))} (Misra 2019). */
  MISH("mish", null, x -> x.mul(x.softplus().tanh())),
  /** {@code min(max(x, 0), 6)}. */
  RELU6("relu6", null, x -> x.clamp(0, 6)),
  /** {@code max(x, 0.01·x)} (Maas et al. 2013). */
  LEAKY_RELU("leaky_relu", null, x -> x.maximum(x.mul(0.01))),
  /** {@code (1 + erf((x - μ) / (σ√2))) / 2} with μ 0.707107 and σ 0.282095 (Ma et al. 2022). */
  LAPLACE("laplace", null, x -> x.sub(0.707107).div(0.282095 * Math.sqrt(2)).erf().add(1).mul(0.5)),
  /** {@code x}. */
  LINEAR("linear", Then.NOTHING, x -> x);

  private final String configName;
  private final @Nullable Then fused;
  private final UnaryOperator<Tensor> function;

  Activation(String configName, @Nullable Then fused, UnaryOperator<Tensor> function) {
    this.configName = configName;
    this.fused = fused;
    this.function = function;
  }

  /** Applies the function to each element. */
  public Tensor apply(Tensor x) {
    return function.apply(x);
  }

  /** Applies the function to what a packed map gives, in the same pass where oneDNN has it. */
  Tensor after(PackedLinear map, Tensor x) {
    return fused == null ? apply(map.apply(x, Then.NOTHING)) : map.apply(x, fused);
  }

  /** Whether it is GELU, exact or by tanh. */
  boolean isGelu() {
    return fused == Then.GELU || isTanhGelu();
  }

  /** Whether it is GELU by tanh. */
  boolean isTanhGelu() {
    return fused == Then.GELU_TANH;
  }

  /** The name in a {@code config.json}. */
  public String configName() {
    return configName;
  }

  /**
   * The activation that a configuration names.
   *
   * @throws IllegalArgumentException if there is none, with those there are
   */
  public static Activation named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(activation -> activation.configName.equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "activation: expected one of "
                    + Arrays.stream(values()).map(Activation::configName).toList()
                    + ", got "
                    + name));
  }
}
