package dev.heed.nn;

import dev.heed.tensor.PackedLinear;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An affine map of the last dimension: {@code y = x · Wᵀ + b}. */
public final class Linear extends Module {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final boolean transposed;
  private final @Nullable PackedLinear packed;
  private volatile @Nullable LinearAdaptation adaptation;

  private Linear(Weights weights, Tensor weight, @Nullable Tensor bias, boolean transposed) {
    super(weights);
    this.weight = weight;
    this.bias = bias;
    this.transposed = transposed;
    this.packed =
        transposed
            ? null
            : weights.packed(List.of(weight), bias == null ? List.of() : List.of(bias));
  }

  /** A map with parameters {@code weight [out, in]} and {@code bias [out]}. */
  public static Linear of(Weights weights, long in, long out) {
    return of(weights, in, out, true);
  }

  /** A map with or without a bias; starts uniform in {@code ±1/√in} as PyTorch's does. */
  public static Linear of(Weights weights, long in, long out, boolean withBias) {
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(in));
    return new Linear(
        weights,
        weights.parameter("weight", uniform, out, in),
        withBias ? weights.parameter("bias", uniform, out) : null,
        false);
  }

  /**
   * A map stored the other way round, with parameters {@code weight [in, out]} and {@code bias
   * [out]} (GPT-2's {@code Conv1D}); starts normal with deviation 0.02.
   */
  public static Linear transposed(Weights weights, long in, long out) {
    return new Linear(
        weights,
        weights.parameter("weight", Initializer.normal(0.02), in, out),
        weights.parameter("bias", Initializer.ZEROS, out),
        true);
  }

  /** A map that shares another module's table as its weight (tied embeddings). */
  public static Linear tied(Weights weights, Tensor weight, @Nullable Tensor bias) {
    return new Linear(weights, weight, bias, false);
  }

  /** Maps {@code [..., in]} to {@code [..., out]}. */
  public Tensor apply(Tensor x) {
    return apply(x, Activation.LINEAR);
  }

  /** Maps {@code [..., in]} to {@code [..., out]}, then applies an activation to each element. */
  public Tensor apply(Tensor x, Activation activation) {
    LinearAdaptation adapted = adaptation;
    if (adapted != null) {
      return activation.apply(adapted.apply(x, weight(), bias));
    }
    return packed != null && packed.fits(x)
        ? activation.after(packed, x)
        : activation.apply(x.linear(weight(), bias));
  }

  /** Whether the weights are laid out for fast use, and no adaptation stands in for them. */
  boolean isPacked() {
    return packed != null && adaptation == null;
  }

  /**
   * Computes by an adaptation from now on; not while another thread runs the model.
   *
   * @param other null for the map itself again
   */
  public void adapt(@Nullable LinearAdaptation other) {
    adaptation = other;
  }

  /** What it computes by in place of its own map, or null. */
  public @Nullable LinearAdaptation adaptation() {
    return adaptation;
  }

  /**
   * The matrix {@code [out, in]} that this map multiplies by: for callers that multiply with parts
   * of it by themselves. It is the weight itself unless there is an adaptation.
   */
  public Tensor effectiveWeight() {
    LinearAdaptation adapted = adaptation;
    return adapted == null ? weight() : adapted.weight(weight());
  }

  /** {@code [out, in]}, without any adaptation; a view where it is stored transposed. */
  public Tensor weight() {
    return transposed ? weight.transpose(0, 1) : weight;
  }

  /** The parameter as it is stored: {@code [out, in]}, or {@code [in, out]} in GPT-2's. */
  public Tensor stored() {
    return weight;
  }

  /** Whether the parameter is stored as {@code [in, out]}. */
  public boolean isTransposed() {
    return transposed;
  }

  /** How many numbers a result has. */
  public long out() {
    return weight.size(transposed ? 1 : 0);
  }

  /** How many numbers an input has. */
  public long in() {
    return weight.size(transposed ? 0 : 1);
  }

  /** {@code [out]}, or null. */
  public @Nullable Tensor bias() {
    return bias;
  }
}
