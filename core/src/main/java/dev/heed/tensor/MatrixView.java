package dev.heed.tensor;

import java.lang.foreign.MemorySegment;

/**
 * One matrix among those of a tensor.
 *
 * @param memory what holds it
 * @param type of the elements
 * @param offset of the first element
 * @param down from row to row, in elements
 * @param across from column to column, in elements
 */
record MatrixView(Memory memory, DType type, long offset, long down, long across) {
  /** The elements; stored blocks are turned into floats for this. */
  MemorySegment data() {
    return memory.segment();
  }

  /** The element's place. */
  long at(long row, long column) {
    return offset + row * down + column * across;
  }

  /** The same with rows and columns exchanged. */
  MatrixView transposed() {
    return new MatrixView(memory, type, offset, across, down);
  }

  /** Reads part of a row. */
  void row(long row, long column, float[] into, int to, int count) {
    Elements.load(data(), type, at(row, column), across, into, to, count);
  }

  /** Writes part of a row. */
  void write(long row, long column, float[] from, int first, int count) {
    Elements.store(from, first, data(), type, at(row, column), across, count);
  }
}
