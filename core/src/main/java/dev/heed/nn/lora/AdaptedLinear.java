package dev.heed.nn.lora;

import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.LinearAdaptation;
import dev.heed.nn.Weights;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The update of one map of a model, apart from it or merged into a copy of its weight. */
final class AdaptedLinear implements LinearAdaptation {
  private final Linear linear;
  private final LowRankUpdate update;
  private volatile @Nullable Tensor merged;

  /** With parameters {@code lora_A.weight [r, in]} and {@code lora_B.weight [out, r]}. */
  AdaptedLinear(Linear linear, Weights weights, LoraConfig config) {
    long out = linear.out();
    long in = linear.in();
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(in));
    this.linear = linear;
    this.update =
        new LowRankUpdate(
            weights.child("lora_A").parameter("weight", uniform, config.r(), in),
            weights.child("lora_B").parameter("weight", Initializer.ZEROS, out, config.r()),
            config.scale());
  }

  @Override
  public Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Tensor sum = merged;
    return sum == null
        ? TensorScope.run(() -> x.linear(weight, bias).add(update.apply(x)))
        : x.linear(sum, bias);
  }

  @Override
  public Tensor weight(Tensor weight) {
    Tensor sum = merged;
    return sum == null ? TensorScope.run(() -> weight.add(update.matrix())) : sum;
  }

  @Override
  public List<Tensor> parameters() {
    return List.of(update.a(), update.b());
  }

  void attach() {
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
          Gradients.disabled(() ->
              TensorScope.release(TensorScope.run(() -> linear.weight().add(update.matrix()))));
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
