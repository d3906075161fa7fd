package dev.heed.attention.mask;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A set of positions for each sequence of a batch; one row stands for all of them. */
record BitRows(List<BitSet> rows) {
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
    return new BitRows(List.copyOf(rows));
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
    return new BitRows(List.copyOf(rows));
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

  private BitSet row(int batch) {
    if (rows.size() > 1 && batch >= rows.size()) {
      throw new ShapeException(
          "mask: expected rows for "
              + (batch + 1)
              + " sequences or one for all, got "
              + rows.size());
    }
    return rows.get(rows.size() == 1 ? 0 : batch);
  }
}
