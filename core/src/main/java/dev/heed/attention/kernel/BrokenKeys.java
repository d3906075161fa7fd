package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keys that hold a NaN or an infinity, as slots of a cache do that nobody wrote, and which queries
 * may attend to one. Queries that may not are computed as if zeros stood there: a weight of zero
 * times NaN would be NaN, in sums and in gradients.
 */
public final class BrokenKeys {
  /** Bool {@code [B, Hkv, Tk, 1]}. */
  private final Tensor broken;

  private final @Nullable Tensor seeing;

  private BrokenKeys(Tensor broken, @Nullable Tensor seeing) {
    this.broken = broken;
    this.seeing = seeing;
  }

  /**
   * Finds broken keys.
   *
   * @param k {@code [B, Hkv, Tk, D]}
   * @param v {@code [B, Hkv, Tk, Dv]}
   * @param heads how many heads of queries
   * @param queries how many, the last of which is the last key
   * @return null if there are none
   */
  public static @Nullable BrokenKeys find(
      Tensor k, Tensor v, AttentionMask mask, int heads, int queries) {
    if (FiniteScan.areFinite(k) && FiniteScan.areFinite(v)) {
      return null;
    }
    return Gradients.disabled(() -> {
      Tensor broken = k.isFinite().all(-1, true).and(v.isFinite().all(-1, true)).not();
      return new BrokenKeys(broken, seeing(broken, mask, heads, queries));
    });
  }

  /** Bool {@code [B, H, Tq, 1]}; null if no query may attend to a broken key. */
  private static @Nullable Tensor seeing(
      Tensor broken, AttentionMask mask, int heads, int queries) {
    boolean[] flags = broken.toBooleanArray();
    int batches = (int) broken.size(0);
    int keyHeads = (int) broken.size(1);
    int keys = (int) broken.size(2);
    boolean[] seeing = new boolean[batches * heads * queries];
    boolean any = false;
    for (int at = 0; at < seeing.length; at++) {
      int plane = at / queries;
      int batch = plane / heads;
      int head = plane % heads;
      int from = (batch * keyHeads + head / (heads / keyHeads)) * keys;
      int position = at % queries + keys - queries;
      for (int key = 0; key < keys && !seeing[at]; key++) {
        seeing[at] = flags[from + key] && mask.allows(batch, head, position, key);
      }
      any |= seeing[at];
    }
    return any ? Tensor.of(seeing, batches, heads, queries, 1) : null;
  }

  /** Keys or values {@code [B, Hkv, Tk, ·]} with zeros where they are broken. */
  private Tensor mended(Tensor x) {
    return x.maskedFill(broken, 0);
  }

  /**
   * Computes rows of queries: those that may attend to a broken key with the keys as they are, the
   * others with zeros in their place.
   *
   * @param rows {@code [B, H, Tq, ·]}, of queries or of weights
   * @param body what to compute of rows and keys (or values)
   */
  public Tensor apart(Tensor rows, Tensor keys, BinaryOperator<Tensor> body) {
    return TensorScope.run(() -> {
      Tensor mended = body.apply(rows, mended(keys));
      Tensor some = seeing;
      return some == null
          ? mended
          : Tensor.where(some, body.apply(rows.maskedFill(some.not(), 0), keys), mended);
    });
  }

  /** As {@link #apart}, of whole attention. */
  Tensor attend(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    return TensorScope.run(() -> {
      Tensor mended = ExactAttention.straight(q, mended(k), mended(v), spec);
      Tensor some = seeing;
      return some == null
          ? mended
          : Tensor.where(
              some, ExactAttention.straight(q.maskedFill(some.not(), 0), k, v, spec), mended);
    });
  }
}
