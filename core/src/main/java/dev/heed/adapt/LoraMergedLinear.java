package dev.heed.adapt;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * One affine map that gives several outputs side by side (query, key, value), some of which have a
 * low-rank update of their own: the rows of output g change by {@code (α / r) · B_g · A_g} (Hu et
 * al. 2021, section 4.2).
 */
public final class LoraMergedLinear extends Module {
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor a;
  private final Tensor b;
  private final List<Boolean> enabled;
  private final long rows;
  private final int rank;
  private final double scale;

  /**
   * With parameters {@code weight [out, in]} (frozen), {@code bias [out]}, {@code lora_A [r · n,
   * in]} and {@code lora_B [out / groups · n, r]} for n enabled groups.
   *
   * @param enabled which of the equal parts of the output have an update
   */
  public LoraMergedLinear(
      Weights weights, long in, long out, int rank, double alpha, List<Boolean> enabled) {
    super(weights);
    LowRankUpdate.requireRank(rank);
    if (enabled.isEmpty() || out % enabled.size() != 0) {
      throw new IllegalArgumentException(
          "LoRA groups: expected a number that divides the output "
              + out
              + ", got "
              + enabled.size());
    }
    long groups = enabled.stream().filter(group -> group).count();
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(in));
    this.rows = out / enabled.size();
    this.weight = weights.buffer("weight", uniform, out, in);
    this.bias = weights.parameter("bias", uniform, out);
    this.a = weights.parameter("lora_A", uniform, rank * groups, in);
    this.b = weights.parameter("lora_B", Initializer.ZEROS, rows * groups, rank);
    this.enabled = List.copyOf(enabled);
    this.rank = rank;
    this.scale = alpha / rank;
  }

  /** Maps {@code [..., in]} to {@code [..., out]}. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(
        () -> x.linear(weight, bias).add(x.to(a.dtype()).linear(update(), null)).to(x.dtype()));
  }

  /** {@code W + ΔW}. */
  public Tensor mergedWeight() {
    return TensorScope.run(() -> weight.add(update()).to(weight.dtype()));
  }

  /** Takes the update out of a merged weight again. */
  public Tensor unmerge(Tensor merged) {
    return TensorScope.run(() -> merged.sub(update()).to(merged.dtype()));
  }

  /** Maps by a given weight, for example the merged one. */
  public Tensor apply(Tensor x, Tensor merged) {
    return x.linear(merged, bias);
  }

  /** {@code ΔW [out, in]}: the groups' products one below the other, zeros between. */
  private Tensor update() {
    List<Tensor> parts = new ArrayList<>();
    int group = 0;
    for (boolean active : enabled) {
      if (active) {
        Tensor down = a.narrow(0, (long) group * rank, rank);
        parts.add(b.narrow(0, group * rows, rows).matmul(down).mul(scale));
        group++;
      } else {
        parts.add(Tensor.zeros(Shape.of(rows, weight.size(1)), weight.dtype()));
      }
    }
    return Tensor.cat(parts, 0);
  }
}
