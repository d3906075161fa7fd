package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.FusedAttention;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** LibTorch's fused kernel, where it can do what is asked. */
final class LibTorchAttention {
  /** Pairs of a mask that are worth writing down. */
  private static final long LARGEST_MASK = 64L << 20;

  private LibTorchAttention() {}

  /**
   * The output, or null where a row has no key (LibTorch gives NaN), where a tensor is empty (it
   * ends the process when there are no heads), or the mask is too large.
   */
  static @Nullable Tensor apply(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    if (q.elements() == 0 || k.elements() == 0 || v.elements() == 0) {
      return null;
    }
    double scale = spec.scaleFor((int) q.size(3));
    AttentionMask mask = spec.mask();
    if (mask == null || mask.equals(AttentionMask.full())) {
      return FusedAttention.apply(q, k, v, null, false, scale);
    }
    if (mask.equals(AttentionMask.causal()) && q.size(2) == k.size(2)) {
      return FusedAttention.apply(q, k, v, null, true, scale);
    }
    long batches = mask.dependsOnBatch() ? q.size(0) : 1;
    long heads = mask.dependsOnHead() ? q.size(1) : 1;
    if (batches * heads * q.size(2) * k.size(2) > LARGEST_MASK) {
      return null;
    }
    boolean[] pairs =
        materialise(mask, (int) batches, (int) heads, (int) q.size(2), (int) k.size(2));
    if (pairs == null) {
      return null;
    }
    return TensorScope.run(() ->
        FusedAttention.apply(
            q, k, v, Tensor.of(pairs, batches, heads, q.size(2), k.size(2)), false, scale));
  }

  private static boolean @Nullable [] materialise(
      AttentionMask mask, int batches, int heads, int queries, int keys) {
    boolean[] pairs = new boolean[batches * heads * queries * keys];
    int at = 0;
    for (int batch = 0; batch < batches; batch++) {
      for (int head = 0; head < heads; head++) {
        for (int query = 0; query < queries; query++) {
          boolean any = false;
          for (int key = 0; key < keys; key++) {
            pairs[at] = mask.allows(batch, head, query + keys - queries, key);
            any |= pairs[at++];
          }
          if (!any) {
            return null;
          }
        }
      }
    }
    return pairs;
  }
}
