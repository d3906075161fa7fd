package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.AttentionSizes;

/**
 * The Sparse Transformer's strided attention by heads: the first half of them sees the last {@code
 * stride} positions, the others every {@code stride}-th; a single head sees both (Child et al.
 * 2019, sections 4.2 and 4.3).
 *
 * @param stride from 1
 * @param heads how many query heads there are
 */
public record StridedHeadsMask(int stride, int heads) implements AttentionMask {
  /** Checks the sizes. */
  public StridedHeadsMask {
    if (stride < 1 || heads < 1) {
      throw new IllegalArgumentException(
          "strided heads: expected a stride and heads from 1, got " + stride + " and " + heads);
    }
  }

  /** How many heads see the window only. */
  int near() {
    return heads / 2;
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    int distance = query - key;
    boolean window = distance < stride && (heads == 1 || head < near());
    return distance >= 0 && (window || (head >= near() && distance % stride == 0));
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    sizes.requireHeads("strided heads", heads);
  }

  @Override
  public boolean dependsOnBatch() {
    return false;
  }

  @Override
  public boolean dependsOnHead() {
    return heads > 1;
  }
}
