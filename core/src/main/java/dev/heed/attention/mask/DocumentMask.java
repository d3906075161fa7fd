package dev.heed.attention.mask;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.Arrays;

/** Tokens of one document among several in a row. */
final class DocumentMask implements AttentionMask {
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

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    long[] row = documents[documents.length == 1 ? 0 : batch];
    return query >= 0 && row[query] == row[key];
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
