package dev.heed.attention.mask;

import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A set of positions for each sequence of a batch; one row stands for all of them.
 *
 * @param columns how many positions there are, or {@link #ANY} for as many as the rows need or more
 */
record BitRows(List<BitSet> rows, int columns) {
  private static final int ANY = -1;

  static BitRows of(String mask, Tensor tensor) {
    if (tensor.rank() != 2) {
      throw new ShapeException(
          mask + ": expected a tensor [B, Tk], got " + tensor.describe() + "; one row a sequence");
    }
    int columns = Math.toIntExact(tensor.size(1));
    boolean[] values = tensor.toBooleanArray();
    List<BitSet> rows = new ArrayList<>();
    for (int row = 0; row < tensor.size(0); row++) {
      BitSet bits = new BitSet(columns);
      for (int column = 0; column < columns; column++) {
        bits.set(column, values[row * columns + column]);
      }
      rows.add(bits);
    }
    return new BitRows(List.copyOf(rows), columns);
  }

  static BitRows ofLengths(int... lengths) {
    List<BitSet> rows = new ArrayList<>();
    for (int length : lengths) {
      if (length < 0) {
        throw new IllegalArgumentException("lengths: expected 0 or more keys, got " + length);
      }
      BitSet bits = new BitSet(length);
      bits.set(0, length);
      rows.add(bits);
    }
    return new BitRows(List.copyOf(rows), ANY);
  }

  boolean get(int batch, int position) {
    return position >= 0 && row(batch).get(position);
  }

  boolean differByBatch() {
    return rows.size() > 1;
  }

  BlockKind classify(int batch, int from, int to) {
    BitSet row = row(batch);
    int start = Math.max(0, from);
    int first = row.nextSetBit(start);
    if (first < 0 || first >= to) {
      return BlockKind.EMPTY;
    }
    return from >= 0 && row.nextClearBit(start) >= to ? BlockKind.FULL : BlockKind.PARTIAL;
  }

  void requireFit(String mask, AttentionSizes sizes) {
    int needed = rows.stream().mapToInt(BitSet::length).max().orElse(0);
    sizes.requireKeys(
        mask, Shape.of(rows.size(), columns == ANY ? Math.max(needed, sizes.keys()) : columns));
  }

  private BitSet row(int batch) {
    return rows.get(rows.size() == 1 ? 0 : batch);
  }
}
