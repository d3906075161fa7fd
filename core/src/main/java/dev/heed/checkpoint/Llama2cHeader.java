package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The sizes at the beginning of a llama2.c file.
 *
 * <p>The first version has seven 32-bit numbers; a negative vocabulary says that the output weights
 * are stored of their own. Later ones begin with {@code ak42}, a version and the seven numbers,
 * then one byte that is 1 when output weights are shared (and the size of a quantised group), in
 * 256 bytes.
 *
 * <p>Source: llama2.c, {@code run.c} and {@code export.py}.
 *
 * @param version 0, 1 (floats) or 2 (signed bytes with a scale for each group)
 * @param dim width of the model
 * @param hiddenDim width of the feed-forward layers
 * @param layers how many layers
 * @param heads heads of queries
 * @param keyHeads heads of keys and values
 * @param vocabulary how many tokens
 * @param context the longest sequence
 * @param shared whether the output weights are the token embeddings
 * @param group how many bytes share a scale in version 2, else 0
 */
record Llama2cHeader(
    int version,
    int dim,
    int hiddenDim,
    int layers,
    int heads,
    int keyHeads,
    int vocabulary,
    int context,
    boolean shared,
    int group) {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MAGIC = 0x616b3432;
  private static final int LARGEST = 1 << 26;
  private static final int FIRST = 7 * Integer.BYTES;
  private static final int LATER = 256;

  /** Tells whether bytes begin as a llama2.c file does, which an archive or a pickle does not. */
  static boolean isThere(MemorySegment bytes) {
    if (bytes.byteSize() < FIRST) {
      return false;
    }
    int first = bytes.get(INT, 0);
    return first == MAGIC || first > 0 && first <= LARGEST && plausible(bytes);
  }

  private static boolean plausible(MemorySegment bytes) {
    for (int i = 1; i < 7; i++) {
      int number = bytes.get(INT, 4L * i);
      if (Math.abs((long) number) > LARGEST || number == 0 || number < 0 && i != 5) {
        return false;
      }
    }
    return true;
  }

  static Llama2cHeader parse(String where, MemorySegment bytes) {
    if (bytes.byteSize() < FIRST) {
      throw error(Kind.TRUNCATED, where, "at least 28 bytes", bytes.byteSize() + "");
    }
    int version = 0;
    int at = 0;
    if (bytes.get(INT, 0) == MAGIC) {
      if (bytes.byteSize() < LATER) {
        throw error(Kind.TRUNCATED, where, "a header of 256 bytes", bytes.byteSize() + "");
      }
      version = bytes.get(INT, 4);
      at = 8;
      if (version != 1 && version != 2) {
        throw error(Kind.UNSUPPORTED, where, "version 1 or 2", version + "");
      }
    }
    int vocabulary = bytes.get(INT, at + 20L);
    boolean shared =
        version == 0 ? vocabulary > 0 : bytes.get(ValueLayout.JAVA_BYTE, at + 28L) != 0;
    Llama2cHeader header =
        new Llama2cHeader(
            version,
            size(where, "dim", bytes.get(INT, at)),
            size(where, "hidden_dim", bytes.get(INT, at + 4L)),
            size(where, "n_layers", bytes.get(INT, at + 8L)),
            size(where, "n_heads", bytes.get(INT, at + 12L)),
            size(where, "n_kv_heads", bytes.get(INT, at + 16L)),
            size(where, "vocab_size", version == 0 && !shared ? -vocabulary : vocabulary),
            size(where, "seq_len", bytes.get(INT, at + 24L)),
            shared,
            version == 2 ? size(where, "group_size", bytes.get(INT, at + 29L)) : 0);
    header.requireFit(where);
    return header;
  }

  /** The first byte after the header. */
  long end() {
    return version == 0 ? FIRST : LATER;
  }

  int headSize() {
    return dim / heads;
  }

  int keyDim() {
    return keyHeads * headSize();
  }

  private void requireFit(String where) {
    if (dim % heads != 0 || headSize() % 2 != 0) {
      throw error(Kind.VALUE, where, "dim to be n_heads times an even size", dim + " / " + heads);
    }
    if (heads % keyHeads != 0) {
      throw error(
          Kind.VALUE, where, "n_heads to be a multiple of n_kv_heads", heads + " / " + keyHeads);
    }
    if (version == 2 && (dim % group != 0 || hiddenDim % group != 0)) {
      throw error(
          Kind.VALUE,
          where,
          "dim and hidden_dim to be multiples of group_size " + group,
          dim + " and " + hiddenDim);
    }
  }

  private static int size(String where, String name, int value) {
    if (value < 1 || value > LARGEST) {
      throw error(Kind.VALUE, where, name + " from 1 to " + LARGEST, value + "");
    }
    return value;
  }

  static CheckpointException error(Kind kind, String where, String expected, String got) {
    return new CheckpointException(
        kind, where, expected, got, "The file is damaged or no llama2.c checkpoint; get it again.");
  }
}
