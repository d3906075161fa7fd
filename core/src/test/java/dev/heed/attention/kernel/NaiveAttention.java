package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention as the formula says it, by LibTorch's elementary operators, differentiated by LibTorch.
 */
final class NaiveAttention {
  private NaiveAttention() {}

  static Tensor apply(Tensor q, Tensor k, Tensor v, double scale, @Nullable AttentionMask mask) {
    Tensor scores = scores(q, k, scale);
    return mask == null ? weigh(scores, v, q) : weigh(scores, v, q, allowed(q, k, mask));
  }

  static Tensor scores(Tensor q, Tensor k, double scale) {
    return q.matmul(repeated(k, q).transpose(2, 3)).mul(scale);
  }

  static Tensor weigh(Tensor scores, Tensor v, Tensor q) {
    return scores.softmax(-1).matmul(repeated(v, q));
  }

  /** Rows without keys give zeros: their scores are replaced, their weights too. */
  static Tensor weigh(Tensor scores, Tensor v, Tensor q, Tensor allowed) {
    Tensor low = Tensor.scalar(-1e30, scores.dtype());
    Tensor none = Tensor.scalar(0, scores.dtype());
    Tensor weights = Tensor.where(allowed, scores, low).softmax(-1);
    return Tensor.where(allowed, weights, none).matmul(repeated(v, q));
  }

  /** The weights themselves, {@code [B, H, Tq, Tk]}. */
  static Tensor weights(Tensor q, Tensor k, double scale, @Nullable AttentionMask mask) {
    long keys = k.size(2);
    Tensor each = Tensor.eye(keys, q.dtype()).expand(k.size(0), k.size(1), keys, keys);
    return apply(q, k, each, scale, mask);
  }

  private static Tensor repeated(Tensor k, Tensor q) {
    long group = q.size(1) / k.size(1);
    return k.unsqueeze(2)
        .expand(k.size(0), k.size(1), group, k.size(2), k.size(3))
        .reshape(k.size(0), q.size(1), k.size(2), k.size(3));
  }

  static Tensor allowed(Tensor q, Tensor k, AttentionMask mask) {
    int batches = (int) q.size(0);
    int heads = (int) q.size(1);
    int queries = (int) q.size(2);
    int keys = (int) k.size(2);
    boolean[] pairs = new boolean[batches * heads * queries * keys];
    int at = 0;
    for (int batch = 0; batch < batches; batch++) {
      for (int head = 0; head < heads; head++) {
        for (int query = 0; query < queries; query++) {
          for (int key = 0; key < keys; key++) {
            pairs[at++] = mask.allows(batch, head, query + keys - queries, key);
          }
        }
      }
    }
    return Tensor.of(pairs, batches, heads, queries, keys);
  }

  static double largest(Tensor tensor) {
    return tensor.elements() == 0 ? 0 : tensor.detach().to(DType.F64).abs().max().item();
  }
}
