package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;

/**
 * The strided part of the Sparse Transformer's strided attention: query i sees the keys {@code j ≤
 * i} with {@code (i - j) mod stride = 0} (Child et al. 2019, section 4.3, {@code A²}). Other heads
 * or layers see a causal window of the same size.
 *
 * @param stride from 1; near √n for a cost of O(n·√n)
 */
public record StridedMask(int stride) implements AttentionMask {
  /** Checks the stride. */
  public StridedMask {
    if (stride < 1) {
      throw new IllegalArgumentException("stride: expected at least 1, got " + stride);
    }
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return key <= query && (query - key) % stride == 0;
  }

  /** Empty unless a multiple of the stride lies among the block's distances. */
  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    int nearest = Math.max(0, queryFrom - (keyTo - 1));
    int farthest = queryTo - 1 - keyFrom;
    boolean empty = farthest < 0 || farthest / stride * stride < nearest;
    return empty ? BlockKind.EMPTY : BlockKind.PARTIAL;
  }

  @Override
  public boolean dependsOnBatch() {
    return false;
  }

  @Override
  public boolean dependsOnHead() {
    return false;
  }
}
