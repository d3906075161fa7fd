package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.CustomGradient;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exact attention with O(n) memory, forward and backward.
 *
 * <p>{@code softmax(modify(q·kᵀ·scale) over mask) · v}: blockwise with an online softmax; the
 * backward pass recomputes the weights from each row's greatest score and sum (Dao et al.,
 * FlashAttention, 2022, section 3; FlashAttention-2, 2023). Cost follows the tiles that the mask
 * leaves. A row without keys gives zeros and zero gradients. f32, bf16 and f16 are accumulated in
 * f32; f64 in f64.
 *
 * <p>The same inputs give the same bits on any number of threads.
 */
public final class ExactAttention {
  /**
   * An output and what its weights can be read from.
   *
   * @param output {@code [B, H, Tq, Dv]}
   * @param weights of the same queries and keys; readable as long as these are open
   */
  public record Attended(Tensor output, AttentionWeights weights) {}

  private ExactAttention() {}

  /**
   * The output, part of the graph of gradients of q, k, v and the modifier's parameters.
   *
   * @param q {@code [B, H, Tq, D]}, any strides
   * @param k {@code [B, Hkv, Tk, D]}; {@code H} a multiple of {@code Hkv}, query head {@code h}
   *     reads key head {@code h / (H / Hkv)}
   * @param v {@code [B, Hkv, Tk, Dv]}
   * @param spec mask, scores and dropout
   * @return {@code [B, H, Tq, Dv]}, owned by the current scope; heads of one position lie side by
   *     side
   * @throws dev.heed.tensor.ShapeException if the shapes do not fit
   * @throws dev.heed.tensor.TensorException if the types differ or are not floating
   */
  public static Tensor apply(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    Operands.check(q, k, v, spec);
    return TensorScope.run(() -> {
      Tensor output = straight(q, k, v, spec);
      BrokenKeys broken = broken(q, k, v, spec, output);
      return broken == null ? output : broken.attend(q, k, v, spec);
    });
  }

  /** Whatever NaN and infinities there are behind the mask. */
  static Tensor straight(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    if (takesLibTorch(q, spec)) {
      Tensor fused = LibTorchAttention.apply(q, k, v, spec);
      if (fused != null) {
        return fused;
      }
    }
    return TensorScope.run(() ->
        own(q, k, v, spec, recordsGradients(q, k, v, spec) ? Normalisers.roomFor(q, spec) : null));
  }

  /**
   * Keys that a mask may have to keep out of the result, or null. Without gradients a look at the
   * output tells; with them the gradients may be broken where the output is not.
   */
  private static @Nullable BrokenKeys broken(
      Tensor q, Tensor k, Tensor v, AttentionSpec spec, Tensor output) {
    AttentionMask mask = spec.mask();
    if (mask == null) {
      return null;
    }
    boolean looksWhole = !recordsGradients(q, k, v, spec) && FiniteScan.areFinite(output);
    return looksWhole ? null : BrokenKeys.find(k, v, mask, (int) q.size(1), (int) q.size(2));
  }

  /**
   * As {@link #apply}, and also the means to read any of its weights, without the n × n matrix.
   *
   * @return output and normalisers owned by the current scope; weights are those before dropout
   */
  public static Attended attend(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    Operands.check(q, k, v, spec);
    return TensorScope.run(() -> {
      Tensor normalisers = Normalisers.roomFor(q, spec);
      Tensor output = own(q, k, v, spec, normalisers);
      BrokenKeys broken = broken(q, k, v, spec, output);
      return new Attended(
          broken == null ? output : broken.attend(q, k, v, spec),
          AttentionWeights.of(q, k, normalisers, spec));
    });
  }

  private static boolean takesLibTorch(Tensor q, AttentionSpec spec) {
    return q.dtype() != DType.F64
        && PathChoice.live().path() == AttentionPath.LIBTORCH
        && Float.isFinite((float) spec.scaleFor((int) q.size(3)))
        && spec.modifier() == null
        && spec.dropout() == 0;
  }

  private static boolean recordsGradients(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    return Gradients.areEnabled() && inputs(q, k, v, spec).stream().anyMatch(Tensor::requiresGrad);
  }

  private static List<Tensor> inputs(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    List<Tensor> inputs = new ArrayList<>(List.of(q, k, v));
    inputs.addAll(parameters(spec));
    return inputs;
  }

  private static List<Tensor> parameters(AttentionSpec spec) {
    return spec.modifier() == null ? List.of() : spec.modifier().parameters();
  }

  private static Tensor own(
      Tensor q, Tensor k, Tensor v, AttentionSpec spec, @Nullable Tensor normalisers) {
    return CustomGradient.apply(
        inputs(q, k, v, spec),
        () -> forward(q, k, v, spec, normalisers),
        (gradient, saved) -> backward(gradient, saved, spec));
  }

  private static CustomGradient.Forward forward(
      Tensor q, Tensor k, Tensor v, AttentionSpec spec, @Nullable Tensor normalisers) {
    Tensor output = Operands.headsTogether(q, v.size(3));
    AttentionRun.of(q, k, v, spec).forward(output, normalisers);
    List<Tensor> saved = new ArrayList<>();
    if (normalisers != null) {
      saved.addAll(List.of(q, k, v, output, normalisers));
      saved.addAll(parameters(spec));
    }
    return new CustomGradient.Forward(output, saved);
  }

  private static List<@Nullable Tensor> backward(
      Tensor gradient, List<Tensor> saved, AttentionSpec spec) {
    Tensor q = saved.get(0);
    Tensor k = saved.get(1);
    Tensor v = saved.get(2);
    List<@Nullable Tensor> gradients = new ArrayList<>();
    gradients.add(Operands.headsTogether(q, q.size(3)));
    gradients.add(Operands.headsTogether(k, k.size(3)));
    gradients.add(Operands.headsTogether(v, v.size(3)));
    List<Tensor> written = List.of(saved.get(3), gradient.to(q.dtype()));
    double[][] parameters =
        AttentionRun.of(q, k, v, spec).backward(written, gradients, saved.get(4));
    // Those that were saved: a parameter computed for this call is closed by now.
    List<Tensor> of = saved.subList(5, saved.size());
    for (int i = 0; i < of.size(); i++) {
      Tensor values = Tensor.of(parameters[i], of.get(i).shape().toArray());
      gradients.add(values.to(of.get(i).dtype()));
    }
    return gradients;
  }
}
