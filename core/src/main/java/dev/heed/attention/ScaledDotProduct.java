package dev.heed.attention;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.AttentionWeights;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.nn.Dropout;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * {@code softmax(modify(q·kᵀ·scale) over mask) · v} (Vaswani et al. 2017, section 3.2.1).
 *
 * <p>The fused kernel computes it when nobody looks inside; a trace may take what any of its {@link
 * AttentionWeights} can be read from. When weights are asked for, or a trace wants the points
 * {@code scores} or {@code pattern}, they are written down as part of the graph of gradients.
 *
 * @param scale of {@code q·k}; NaN stands for {@code 1 / √D}
 * @param dropout of weights while training
 */
public record ScaledDotProduct(double scale, Dropout dropout) implements AttentionMechanism {
  /** Scaled by {@code 1 / √D}, without dropout. */
  public ScaledDotProduct() {
    this(Double.NaN, new Dropout(0));
  }

  /** With another scale, without dropout. */
  public ScaledDotProduct(double scale) {
    this(scale, new Dropout(0));
  }

  /** Scaled by {@code 1 / √D}, with dropout of weights while training. */
  public static ScaledDotProduct dropping(double probability) {
    return new ScaledDotProduct(Double.NaN, new Dropout(probability));
  }

  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    if (request.weights() || request.wants("scores") || request.wants("pattern")) {
      return TensorScope.run(() -> written(q, k, v, request, null));
    }
    AttentionSpec spec =
        AttentionSpec.plain()
            .withScale(scale)
            .withMask(request.mask())
            .withModifier(request.modifier());
    Generator generator = request.trace().dropoutGenerator();
    if (generator != null && dropout.probability() > 0) {
      spec = spec.withDropout(dropout.probability(), generator.nextSeed());
    }
    if (request.trace().takes(AttentionWeights.class)) {
      ExactAttention.Attended attended = ExactAttention.attend(q, k, v, spec);
      request.trace().hand(request.path(), attended.weights());
      return AttentionOutput.of(attended.output());
    }
    int[] documents = SeparateDocuments.lengths(q, k, spec);
    return AttentionOutput.of(
        documents == null || documents.length == 0
            ? ExactAttention.apply(q, k, v, spec)
            : SeparateDocuments.apply(q, k, v, documents, spec));
  }

  /**
   * Writes scores and weights down.
   *
   * @param sinks scores {@code [H]} that take a share of each row's softmax, or null
   */
  AttentionOutput written(
      Tensor q, Tensor k, Tensor v, AttentionRequest request, @Nullable Tensor sinks) {
    Tensor scores =
        WrittenAttention.product(
            q.mul(scaleFor(q)),
            perQueryHead(k, q),
            request,
            (rows, keys) -> rows.matmul(keys.transpose(-2, -1)));
    return WrittenAttention.read(scores, perQueryHead(v, q), request, dropout, sinks);
  }

  private double scaleFor(Tensor q) {
    return Double.isNaN(scale) ? 1 / Math.sqrt(Math.max(1, q.size(-1))) : scale;
  }

  /** Repeats key heads so that each query head has its own: {@code [B, H, Tk, D]}. */
  public static Tensor perQueryHead(Tensor k, Tensor q) {
    return k.size(1) == q.size(1) ? k : k.repeatInterleave(q.size(1) / k.size(1), 1);
  }
}
