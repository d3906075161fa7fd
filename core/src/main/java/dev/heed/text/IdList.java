package dev.heed.text;

import java.util.Arrays;

/** A growing list of ids. */
final class IdList {
  private long[] ids = new long[64];
  private int size;

  void add(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id;
  }

  boolean endsWith(long id) {
    return size > 0 && ids[size - 1] == id;
  }

  int size() {
    return size;
  }

  long[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
