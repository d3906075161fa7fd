package dev.heed.attention.sparse;

import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A sequence cut into chunks, each of which sees itself and its neighbours; the sequence is a
 * circle, so the first chunk's neighbour is the last (Kitaev et al. 2020, section 2, in the code of
 * Trax and transformers).
 *
 * @param length of a chunk
 * @param before how many chunks before it a chunk sees
 * @param after how many chunks after it
 */
public record AdjacentChunks(int length, int before, int after) {
  /** Checks the numbers. */
  public AdjacentChunks {
    if (length < 1 || before < 0 || after < 0) {
      throw new IllegalArgumentException(
          "chunks: expected a length from 1 and 0 or more neighbours, got "
              + length
              + ", "
              + before
              + " and "
              + after);
    }
  }

  /** How many tokens a chunk sees. */
  public int seen() {
    return length * (1 + before + after);
  }

  /** {@code [B, H, T, ...]} as {@code [B, H, chunks, length, ...]}. */
  public Tensor cut(Tensor x) {
    return x.unflatten(2, x.size(2) / length, length);
  }

  /**
   * Each chunk beside its neighbours: {@code [B, H, chunks, seen, ...]} of what {@link #cut} gives.
   */
  public Tensor beside(Tensor chunks) {
    List<Tensor> parts = new ArrayList<>();
    for (int i = -before; i <= after; i++) {
      parts.add(i == 0 ? chunks : chunks.roll(-i, 2));
    }
    return parts.size() == 1 ? parts.getFirst() : Tensor.cat(parts, 3);
  }
}
