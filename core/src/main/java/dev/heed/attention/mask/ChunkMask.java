package dev.heed.attention.mask;

import java.util.List;

/**
 * Keys in the same chunk as the query.
 *
 * @param size of a chunk
 * @param before how many tokens of the first key's chunk stand before it, for each sequence of the
 *     batch or once for all
 */
record ChunkMask(int size, List<Integer> before) implements AttentionMask {
  ChunkMask {
    before = List.copyOf(before);
    if (size < 1 || before.isEmpty() || before.stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "chunks: expected a size from 1 and 0 or more tokens before, got "
              + size
              + " and "
              + before);
    }
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return chunk(batch, query) == chunk(batch, key);
  }

  private int chunk(int batch, int place) {
    return Math.floorDiv(place + before.get(before.size() == 1 ? 0 : batch), size);
  }

  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    int firstQuery = chunk(batch, queryFrom);
    int lastQuery = chunk(batch, queryTo - 1);
    int firstKey = chunk(batch, keyFrom);
    int lastKey = chunk(batch, keyTo - 1);
    if (lastQuery < firstKey || lastKey < firstQuery) {
      return BlockKind.EMPTY;
    }
    return firstQuery == lastKey && lastQuery == firstKey ? BlockKind.FULL : BlockKind.PARTIAL;
  }

  @Override
  public boolean dependsOnBatch() {
    return before.size() > 1;
  }

  @Override
  public boolean dependsOnHead() {
    return false;
  }
}
