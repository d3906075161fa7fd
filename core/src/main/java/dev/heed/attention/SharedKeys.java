package dev.heed.attention;

import dev.heed.attention.DecodeState.Entry;
import dev.heed.nn.Trace;
import dev.heed.tensor.TensorScope;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keys and values that attentions of one call of a model lend to later layers, which then need no
 * projections and no memory of their own (Brandon et al. 2024, cross-layer attention).
 *
 * <p>It belongs to one call and frees what it holds when it closes.
 */
public final class SharedKeys implements AutoCloseable {
  private final Map<String, Entry> lent = new TreeMap<>();

  /** Lends what an attention reads in this call. */
  void lend(String path, Entry read) {
    Entry own = TensorScope.release(new Entry(read.keys().alias(), read.values().alias()));
    Entry before = lent.put(path, own);
    if (before != null) {
      TensorScope.discard(before);
    }
  }

  /**
   * What the attention at a path read in this call.
   *
   * @throws IllegalStateException if it did not run before
   * @throws IllegalArgumentException in a run that forgets activations, in which the lender would
   *     learn nothing from the borrower
   */
  Entry borrow(String path, Trace trace) {
    if (trace.isCheckpointing()) {
      throw new IllegalArgumentException(
          "keys lent by "
              + path
              + ": expected a run that keeps its activations, got one that forgets them");
    }
    Entry entry = lent.get(path);
    if (entry == null) {
      throw new IllegalStateException(
          "shared keys: expected those of " + path + ", which did not run before, got " + lent);
    }
    return entry;
  }

  @Override
  public void close() {
    lent.values().forEach(TensorScope::discard);
    lent.clear();
  }
}
