package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;

/**
 * Reorders the rows of projections to queries and keys between the two layouts of rotary positions:
 * the two numbers that a position turns are neighbours (Meta's, llama2.c's, GGUF's for LLaMA), or
 * lie half a head apart (Hugging Face's).
 */
public final class RotaryPairs {
  private RotaryPairs() {}

  /**
   * From neighbours to half a head apart.
   *
   * @param where for messages
   * @param rows {@code [heads × size, …]}
   * @param heads how many heads share the rows; the size of each is even
   * @return the same shape, in the current scope
   * @throws CheckpointException {@code SHAPE} when the rows do not fit
   */
  public static Tensor apart(String where, Tensor rows, int heads) {
    return swap(where, rows, heads, size(where, rows, heads) / 2, 2);
  }

  /** From half a head apart to neighbours; see {@link #apart}. */
  public static Tensor together(String where, Tensor rows, int heads) {
    return swap(where, rows, heads, 2, size(where, rows, heads) / 2);
  }

  private static Tensor swap(String where, Tensor rows, int heads, long outer, long inner) {
    long[] sizes = rows.shape().toArray();
    long rest = sizes[0] == 0 ? 0 : rows.elements() / sizes[0];
    return rows.reshape(heads, outer, inner, rest).transpose(1, 2).contiguous().reshape(sizes);
  }

  private static long size(String where, Tensor rows, int heads) {
    Shape shape = rows.shape();
    long size = shape.rank() == 0 ? 0 : shape.size(0) / heads;
    if (shape.rank() == 0 || size * heads != shape.size(0) || size % 2 != 0) {
      throw new CheckpointException(
          Kind.SHAPE,
          where,
          "rows for " + heads + " heads of an even size",
          "shape " + shape,
          "Check the model's sizes against its tensors.");
    }
    return size;
  }
}
