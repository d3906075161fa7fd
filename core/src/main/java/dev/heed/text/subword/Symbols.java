package dev.heed.text.subword;

import java.util.Arrays;

/**
 * The symbols of one word while pairs of them are merged: always the pair of lowest rank, of equal
 * ones the first (Sennrich, Haddow and Birch 2016, algorithm 1).
 *
 * <p>Short words are searched anew after each merge; long ones keep their pairs in a heap, so that
 * a text without any split takes n log n steps.
 */
public final class Symbols {
  private static final int SHORT = 48;

  private final MergeTable table;
  private int[] ids = new int[16];
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private int size;

  /**
   * No symbols yet.
   *
   * @param table which pairs merge
   */
  public Symbols(MergeTable table) {
    this.table = table;
  }

  /**
   * Adds a symbol.
   *
   * @param id negative if it never merges
   * @param from first index of the word that it stands for
   * @param to one past the last
   */
  public void add(int id, int from, int to) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    ids[size] = id;
    starts[size] = from;
    ends[size++] = to;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The number of one. */
  public int id(int i) {
    return ids[i];
  }

  /** The first index that one stands for. */
  public int from(int i) {
    return starts[i];
  }

  /** One past the last index that one stands for. */
  public int to(int i) {
    return ends[i];
  }

  /** Merges until no pair is left that does. */
  public void merge() {
    if (size <= SHORT) {
      mergeBySearch();
    } else {
      mergeByHeap();
    }
  }

  private void mergeBySearch() {
    long[] merges = new long[Math.max(size - 1, 0)];
    for (int i = 0; i + 1 < size; i++) {
      merges[i] = table.find(ids[i], ids[i + 1]);
    }
    while (true) {
      int best = -1;
      for (int i = 0; i + 1 < size; i++) {
        boolean first = best < 0 || (merges[i] >>> 32) < (merges[best] >>> 32);
        if (merges[i] >= 0 && first) {
          best = i;
        }
      }
      if (best < 0) {
        return;
      }
      ids[best] = (int) merges[best];
      ends[best] = ends[best + 1];
      int rest = size - best - 2;
      System.arraycopy(ids, best + 2, ids, best + 1, rest);
      System.arraycopy(starts, best + 2, starts, best + 1, rest);
      System.arraycopy(ends, best + 2, ends, best + 1, rest);
      if (rest > 0) {
        System.arraycopy(merges, best + 2, merges, best + 1, rest - 1);
      }
      size--;
      if (best > 0) {
        merges[best - 1] = table.find(ids[best - 1], ids[best]);
      }
      if (best + 1 < size) {
        merges[best] = table.find(ids[best], ids[best + 1]);
      }
    }
  }

  private void mergeByHeap() {
    int[] next = new int[size];
    int[] previous = new int[size];
    LongHeap heap = new LongHeap(size);
    for (int i = 0; i < size; i++) {
      next[i] = i + 1 < size ? i + 1 : -1;
      previous[i] = i - 1;
      push(heap, i, next[i]);
    }
    while (!heap.isEmpty()) {
      long top = heap.pop();
      int left = (int) top;
      // A merge beside it or of it may have come first: then this pair is no longer there.
      int right = starts[left] < 0 ? -1 : next[left];
      long merge = right < 0 ? -1 : table.find(ids[left], ids[right]);
      if (merge < 0 || merge >>> 32 != top >>> 32) {
        continue;
      }
      ids[left] = (int) merge;
      ends[left] = ends[right];
      starts[right] = -1;
      next[left] = next[right];
      if (next[left] >= 0) {
        previous[next[left]] = left;
        push(heap, left, next[left]);
      }
      if (previous[left] >= 0) {
        push(heap, previous[left], left);
      }
    }
    int kept = 0;
    for (int i = 0; i >= 0; i = next[i]) {
      ids[kept] = ids[i];
      starts[kept] = starts[i];
      ends[kept++] = ends[i];
    }
    size = kept;
  }

  private void push(LongHeap heap, int left, int right) {
    long merge = right < 0 ? -1 : table.find(ids[left], ids[right]);
    if (merge >= 0) {
      heap.push(merge >>> 32 << 32 | left);
    }
  }
}
