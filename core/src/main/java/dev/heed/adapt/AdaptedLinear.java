package dev.heed.adapt;

import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.LinearAdaptation;
import dev.heed.nn.LowRankTerm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The update of one map of a model, apart from it or merged into a copy of its weight. */
final class AdaptedLinear implements LinearAdaptation {
  static final String MAGNITUDE = "lora_magnitude_vector";

  private final Linear linear;
  private final LowRankUpdate update;
  private final @Nullable Tensor magnitude;
  private volatile @Nullable Tensor merged;

  /**
   * With parameters {@code lora_A.weight [r, in]} and {@code lora_B.weight [out, r]}, and {@code
   * lora_magnitude_vector [out]} for DoRA.
   *
   * @param path the map's within its model
   */
  AdaptedLinear(Linear linear, Weights weights, LoraConfig config, String path) {
    long out = linear.out();
    long in = linear.in();
    int rank = config.rank(path);
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(in));
    this.linear = linear;
    this.update =
        new LowRankUpdate(
            weights.child("lora_A").parameter("weight", uniform, rank, in),
            weights.child("lora_B").parameter("weight", Initializer.ZEROS, out, rank),
            config.scale(path));
    // B starts as zero, so that the lengths are those of the weight's rows.
    Initializer lengths =
        (shape, dtype, generator) ->
            TensorScope.run(() -> linear.weight().detach().norm(1, false).to(dtype));
    this.magnitude = config.useDora() ? weights.parameter(MAGNITUDE, lengths, out) : null;
  }

  @Override
  public Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Tensor sum = merged;
    if (sum != null) {
      return x.linear(sum, bias);
    }
    Tensor lengths = magnitude;
    if (lengths == null) {
      return TensorScope.run(() -> x.linear(weight, bias).add(update.apply(x)).to(x.dtype()));
    }
    return TensorScope.run(() -> {
      Tensor y = x.linear(weight, null).add(update.apply(x)).mul(stretch(weight, update, lengths));
      return (bias == null ? y : y.add(bias)).to(x.dtype());
    });
  }

  @Override
  public Tensor weight(Tensor weight) {
    Tensor sum = merged;
    return sum == null ? TensorScope.run(() -> sum(weight)) : sum;
  }

  private Tensor sum(Tensor weight) {
    return sum(weight, update, magnitude);
  }

  /** {@code W + ΔW}, with DoRA in its own lengths; rounded once to the weight's type. */
  static Tensor sum(Tensor weight, LowRankUpdate update, @Nullable Tensor magnitude) {
    Tensor plain = weight.add(update.matrix());
    Tensor sum =
        magnitude == null ? plain : plain.mul(stretch(weight, update, magnitude).unsqueeze(1));
    return sum.to(weight.dtype());
  }

  boolean isTransposed() {
    return linear.isTransposed();
  }

  /** {@code m / ‖W + ΔW‖ [out]}; no gradient flows to the length (Liu et al. 2024, section 4.3). */
  private static Tensor stretch(Tensor weight, LowRankUpdate update, Tensor magnitude) {
    Tensor length = weight.detach().add(update.matrix().detach()).norm(1, false);
    return magnitude.div(length);
  }

  @Override
  public List<Tensor> parameters() {
    return magnitude == null
        ? List.of(update.a(), update.b())
        : List.of(update.a(), update.b(), magnitude);
  }

  /** Refuses a map that already has a term of its own, which this would take the place of. */
  void attach() {
    if (linear.adaptation() instanceof LowRankTerm) {
      throw new IllegalArgumentException(
          linear.path()
              + ": expected a map without a term of low rank of its own, got one with it; leave it"
              + " out of target_modules");
    }
    linear.adapt(this);
  }

  void detach() {
    if (linear.adaptation() == this) {
      linear.adapt(null);
    }
  }

  void merge() {
    if (merged == null) {
      merged =
          Gradients.disabled(
              () -> TensorScope.release(TensorScope.run(() -> sum(linear.weight()).copy())));
    }
  }

  void unmerge() {
    Tensor sum = merged;
    merged = null;
    if (sum != null) {
      sum.close();
    }
  }
}
