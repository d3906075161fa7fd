package dev.heed.attention.mask;

import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.BitSet;

/**
 * Any pairs, written down.
 *
 * @param shape {@code [B or 1, H or 1, Tq, Tk]}
 * @param allowed the pairs in row-major order
 */
record DenseMask(Shape shape, BitSet allowed) implements AttentionMask {
  static DenseMask of(Tensor tensor) {
    if (tensor.rank() != 2 && tensor.rank() != 4) {
      throw new ShapeException(
          "dense mask: expected [Tq, Tk] or [B or 1, H or 1, Tq, Tk], got " + tensor.describe());
    }
    int rank = tensor.rank();
    Shape shape = rank == 4 ? tensor.shape() : Shape.of(1, 1, tensor.size(0), tensor.size(1));
    boolean[] values = tensor.toBooleanArray();
    BitSet allowed = new BitSet(values.length);
    for (int i = 0; i < values.length; i++) {
      allowed.set(i, values[i]);
    }
    return new DenseMask(shape, allowed);
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    long queries = shape.size(2);
    long keys = shape.size(3);
    long plane = dependsOnBatch() ? batch * shape.size(1) : 0;
    plane += dependsOnHead() ? head : 0;
    long row = query - (keys - queries);
    return allowed.get(Math.toIntExact((plane * queries + row) * keys + key));
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    sizes.requirePairs("dense mask", shape);
  }

  @Override
  public boolean dependsOnBatch() {
    return shape.size(0) > 1;
  }

  @Override
  public boolean dependsOnHead() {
    return shape.size(1) > 1;
  }
}
