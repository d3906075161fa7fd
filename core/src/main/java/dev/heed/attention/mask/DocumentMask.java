package dev.heed.attention.mask;

import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tokens of one document among several in a row. */
public final class DocumentMask implements AttentionMask {
  /** As many keys as exact attention takes. */
  private static final int LARGEST = Integer.MAX_VALUE / 256;

  private final long[][] documents;
  private final int hash;

  private DocumentMask(long[][] documents) {
    this.documents = documents;
    this.hash = Arrays.deepHashCode(documents);
  }

  static DocumentMask of(Tensor documents) {
    if (documents.rank() != 2 || !documents.dtype().isInteger()) {
      throw new ShapeException(
          "documents: expected whole numbers [B, Tk], got " + documents.describe());
    }
    int columns = Math.toIntExact(documents.size(1));
    long[] values = documents.toLongArray();
    long[][] rows = new long[Math.toIntExact(documents.size(0))][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }
    return new DocumentMask(rows);
  }

  static DocumentMask ofLengths(int... lengths) {
    for (int length : lengths) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "documents: expected lengths of 0 or more, got " + length);
      }
    }
    long tokens = Arrays.stream(lengths).asLongStream().sum();
    if (tokens > LARGEST) {
      throw new IllegalArgumentException(
          "documents: expected " + LARGEST + " tokens or fewer in a row, got " + tokens);
    }
    long[] row = new long[(int) tokens];
    int from = 0;
    for (int document = 0; document < lengths.length; document++) {
      Arrays.fill(row, from, from + lengths[document], document);
      from += lengths[document];
    }
    return new DocumentMask(new long[][] {row});
  }

  /**
   * How long the documents are, in the order in which they stand in the row.
   *
   * @return null if there are several rows, or if a document is interrupted by another
   */
  public int @Nullable [] lengths() {
    if (documents.length != 1) {
      return null;
    }
    long[] row = documents[0];
    Set<Long> seen = new HashSet<>();
    IntStream.Builder lengths = IntStream.builder();
    for (int from = 0, to = 0; from < row.length; from = to) {
      while (to < row.length && row[to] == row[from]) {
        to++;
      }
      if (!seen.add(row[from])) {
        return null;
      }
      lengths.add(to - from);
    }
    return lengths.build().toArray();
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    long[] row = documents[documents.length == 1 ? 0 : batch];
    return query >= 0 && row[query] == row[key];
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    int columns = documents.length == 0 ? sizes.keys() : documents[0].length;
    sizes.requireKeys("documents", Shape.of(documents.length, columns));
  }

  @Override
  public boolean dependsOnBatch() {
    return documents.length > 1;
  }

  @Override
  public boolean dependsOnHead() {
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DocumentMask mask && Arrays.deepEquals(documents, mask.documents);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
