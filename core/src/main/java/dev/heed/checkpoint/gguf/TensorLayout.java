package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.RotaryPairs;
import dev.heed.tensor.Shape;
import dev.heed.tensor.StoredTensors;
import dev.heed.tensor.Tensor;
import java.util.Arrays;

/**
 * How a tensor's values lie in a GGUF file, compared with Hugging Face's checkpoint of the same
 * model.
 *
 * <p>Source: llama.cpp's {@code convert_hf_to_gguf.py}, {@code modify_tensors}.
 */
enum TensorLayout {
  /** The same in both. */
  SAME,
  /**
   * Rows of a projection to queries: in GGUF the two numbers that a rotary position turns are
   * neighbours, in Hugging Face they lie half a head apart.
   */
  QUERY_PAIRS,
  /** The same for rows of a projection to keys. */
  KEY_PAIRS,
  /** GGUF has {@code [out, in]}, Hugging Face {@code [in, out]}. */
  TRANSPOSED,
  /** A norm's weight, to which GGUF has added the 1 that the model adds. */
  ONE_ADDED,
  /** All experts' matrices {@code [expert, out, in]}, which Hugging Face stores one by one. */
  EXPERTS;

  /** Whether rows are reordered head by head. */
  boolean isPairs() {
    return this == QUERY_PAIRS || this == KEY_PAIRS;
  }

  /** A tensor's shape in Hugging Face's checkpoint. */
  Shape theirs(String where, Shape stored) {
    long[] sizes = stored.toArray();
    int rank = sizes.length;
    switch (this) {
      case TRANSPOSED -> {
        require(rank == 2, where, "two dimensions", stored);
        return Shape.of(sizes[1], sizes[0]);
      }
      case EXPERTS -> {
        require(rank == 3, where, "three dimensions", stored);
        return Shape.of(Arrays.copyOfRange(sizes, 1, rank));
      }
      default -> {
        return stored;
      }
    }
  }

  /** The values in Hugging Face's layout; experts are taken apart elsewhere. */
  Tensor theirs(String where, Tensor stored, int heads) {
    return switch (this) {
      case SAME, EXPERTS -> stored;
      case QUERY_PAIRS, KEY_PAIRS -> RotaryPairs.apart(where, stored, heads);
      case TRANSPOSED -> transposed(stored);
      case ONE_ADDED -> stored.sub(1);
    };
  }

  /** Numbers that stay in the file are not laid out anew. */
  private static Tensor transposed(Tensor stored) {
    Tensor other = stored.transpose(0, 1);
    return StoredTensors.format(stored).isPresent() ? other : other.contiguous();
  }

  /** The values in GGUF's layout; experts are put together elsewhere. */
  Tensor ours(String where, Tensor theirs, int heads) {
    return switch (this) {
      case SAME, EXPERTS -> theirs;
      case QUERY_PAIRS, KEY_PAIRS -> RotaryPairs.together(where, theirs, heads);
      case TRANSPOSED -> theirs.transpose(0, 1).contiguous();
      case ONE_ADDED -> theirs.add(1);
    };
  }

  private static void require(boolean holds, String where, String expected, Shape got) {
    if (!holds) {
      throw new CheckpointException(
          Kind.SHAPE,
          where,
          expected,
          "shape " + got,
          "Check the model's metadata against its tensors.");
    }
  }
}
