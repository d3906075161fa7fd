package dev.heed.text.subword;

import java.util.Arrays;

/** Which two symbols merge, how early, and to what: a hash table without objects. */
public final class MergeTable {
  private long[] keys;
  private long[] values;
  private int size;

  /**
   * An empty table.
   *
   * @param expected about how many merges there will be
   */
  public MergeTable(int expected) {
    int capacity = Integer.highestOneBit(Math.clamp(expected, 8, 1 << 28) * 2 - 1) * 2;
    keys = new long[capacity];
    values = new long[capacity];
    Arrays.fill(keys, -1);
  }

  /**
   * Adds a merge, or changes it.
   *
   * @param left the first symbol
   * @param right the symbol behind it
   * @param rank merges of lower rank come first
   * @param result what they become
   */
  public void put(int left, int right, int rank, int result) {
    if (size * 2 >= keys.length) {
      grow();
    }
    long key = (long) left << 32 | right;
    int slot = slot(key);
    if (keys[slot] == -1) {
      keys[slot] = key;
      size++;
    }
    values[slot] = (long) rank << 32 | result;
  }

  /** The rank (upper 32 bits) and result (lower) of a pair, or -1 when it does not merge. */
  long find(int left, int right) {
    if (left < 0 || right < 0) {
      return -1;
    }
    int slot = slot((long) left << 32 | right);
    return keys[slot] == -1 ? -1 : values[slot];
  }

  private int slot(long key) {
    long hash = key * 0x9e3779b97f4a7c15L;
    int mask = keys.length - 1;
    int slot = (int) (hash >>> 33) & mask;
    while (keys[slot] != key && keys[slot] != -1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new long[keys.length];
    Arrays.fill(keys, -1);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != -1) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
