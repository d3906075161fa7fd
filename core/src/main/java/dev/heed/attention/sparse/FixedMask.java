package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;

/**
 * The Sparse Transformer's fixed attention: query i sees the keys {@code j ≤ i} of its own stretch
 * of {@code stride} positions, and of every earlier stretch the summary positions at its end (Child
 * et al. 2019, section 4.3).
 *
 * <p>In units of blocks: heads take turns among {@code groups} groups of {@code summary} block
 * columns, the first group at the very end of a stretch (section 4.2, "multiple heads").
 *
 * @param blockSize tokens a block; 1 is the paper's formula
 * @param stride blocks a stretch, the paper's l over the block size
 * @param groups how many groups the heads take turns among
 * @param summary block columns a group, the paper's c
 */
public record FixedMask(int blockSize, int stride, int groups, int summary)
    implements AttentionMask {
  /** Checks the sizes. */
  public FixedMask {
    if (blockSize < 1 || stride < 1 || groups < 1 || summary < 1 || groups * summary > stride) {
      throw new IllegalArgumentException(
          "fixed attention: expected sizes from 1 and groups · summary ≤ stride, got block size "
              + blockSize
              + ", stride "
              + stride
              + ", groups "
              + groups
              + ", summary "
              + summary);
    }
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return key <= query && allowsBlock(head, query / blockSize, key / blockSize);
  }

  /** Whether a block of queries sees anything of a block of keys. */
  public boolean allowsBlock(int head, int queryBlock, int keyBlock) {
    if (keyBlock > queryBlock) {
      return false;
    }
    return queryBlock / stride == keyBlock / stride || summarises(head, keyBlock);
  }

  private boolean summarises(int head, int keyBlock) {
    int fromEnd = stride - 1 - keyBlock % stride;
    return fromEnd / summary == head % groups;
  }

  /** Empty unless a block of keys summarises or shares its stretch with a query. */
  @Override
  public BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    int first = Math.max(0, queryFrom) / blockSize;
    int last = Math.max(0, queryTo - 1) / blockSize;
    for (int key = keyFrom / blockSize; key <= Math.min(last, (keyTo - 1) / blockSize); key++) {
      int endOfStretch = (key / stride + 1) * stride - 1;
      if (summarises(head, key) || Math.max(first, key) <= Math.min(last, endOfStretch)) {
        return BlockKind.PARTIAL;
      }
    }
    return BlockKind.EMPTY;
  }

  @Override
  public boolean dependsOnBatch() {
    return false;
  }

  @Override
  public boolean dependsOnHead() {
    return groups > 1;
  }
}
