package dev.heed.attention.mask;

import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * Which keys a query may attend to: {@code true} = may attend.
 *
 * <p>The predicate is the single truth: the kernel tiles it, tests materialise it, the explorer
 * draws it. A lambda is a whole mask; built-in masks also say cheaply what a block holds, and on
 * which axes they do not depend, so that their block schedule is found without asking for every
 * pair.
 *
 * <p>Positions, not row numbers: keys are numbered {@code 0 … Tk - 1} and queries so that the last
 * query stands beside the last key, {@code position = row + (Tk - Tq)}. Self-attention sees row
 * numbers; one query over a cache of keys sees its own place; a causal mask is aligned bottom-right
 * without knowing any length. With more queries than keys the first positions are negative.
 *
 * <p>A mask must give the same answer every time: schedules are cached by {@code equals}.
 */
@FunctionalInterface
public interface AttentionMask {
  /** Above this many pairs the default {@link #classify} does not look. */
  int LARGEST_TESTED_BLOCK = 4096;

  /**
   * Whether a query may attend to a key.
   *
   * @param batch in {@code [0, B)}
   * @param head query head in {@code [0, H)}
   * @param query position, {@code row + (Tk - Tq)}
   * @param key in {@code [0, Tk)}
   */
  boolean allows(int batch, int head, int query, int key);

  /**
   * What the block {@code [queryFrom, queryTo) × [keyFrom, keyTo)} holds; {@link BlockKind#PARTIAL}
   * is always a right answer, the others must be true of every pair.
   *
   * <p>The default tests every pair of a small block and says {@code PARTIAL} of a large one.
   */
  default BlockKind classify(
      int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
    if ((long) (queryTo - queryFrom) * (keyTo - keyFrom) > LARGEST_TESTED_BLOCK) {
      return BlockKind.PARTIAL;
    }
    boolean first = allows(batch, head, queryFrom, keyFrom);
    for (int query = queryFrom; query < queryTo; query++) {
      for (int key = keyFrom; key < keyTo; key++) {
        if (allows(batch, head, query, key) != first) {
          return BlockKind.PARTIAL;
        }
      }
    }
    return first ? BlockKind.FULL : BlockKind.EMPTY;
  }

  /** Whether the answer may differ between the sequences of a batch. */
  default boolean dependsOnBatch() {
    return true;
  }

  /** Whether the answer may differ between heads. */
  default boolean dependsOnHead() {
    return true;
  }

  /**
   * Refuses sizes that the mask was not written for; the default fits all.
   *
   * @throws dev.heed.tensor.ShapeException if it says nothing about some of the pairs, or was
   *     written for more
   */
  default void requireFit(AttentionSizes sizes) {}

  /** The pairs that both masks allow. */
  default AttentionMask and(AttentionMask other) {
    return new AndMask(this, other);
  }

  /** The pairs that at least one of the masks allows. */
  default AttentionMask or(AttentionMask other) {
    return new OrMask(this, other);
  }

  /** The pairs that this mask forbids. */
  default AttentionMask not() {
    return new NotMask(this);
  }

  /** Every pair. */
  static AttentionMask full() {
    return WindowMask.FULL;
  }

  /** Each query sees the keys up to its own place: {@code key <= query}. */
  static AttentionMask causal() {
    return WindowMask.CAUSAL;
  }

  /**
   * Each query sees the last {@code width} keys, its own place included: {@code query - width < key
   * <= query}.
   *
   * @param width at least 1
   */
  static AttentionMask slidingWindow(int width) {
    if (width < 1) {
      throw new IllegalArgumentException(
          "sliding window: expected a width from 1, which is the query itself, got " + width);
    }
    return new WindowMask(width - 1, 0);
  }

  /**
   * Each query sees its own place and so many keys before and after it (Longformer's window).
   *
   * @param before at least 0
   * @param after at least 0
   */
  static AttentionMask window(int before, int after) {
    return new WindowMask(before, after);
  }

  /**
   * Each query sees the keys of its own chunk, where the text is cut into chunks of one size.
   *
   * @param size of a chunk, from 1
   * @param before how many tokens of the first key's chunk stand before it, for each sequence of
   *     the batch or once for all
   */
  static AttentionMask chunks(int size, List<Integer> before) {
    return new ChunkMask(size, before);
  }

  /**
   * A window with gaps: every {@code dilation}-th key (Beltagy et al. 2020, section 3.1).
   *
   * @param before keys seen before the query, {@code dilation} apart
   * @param after keys seen after it
   * @param dilation at least 1
   */
  static AttentionMask dilatedWindow(int before, int after, int dilation) {
    return new DilatedWindowMask(before, after, dilation);
  }

  /**
   * Every query sees the first {@code length} keys, and those up to its own place (a prefix
   * language model; Raffel et al. 2020, section 3.2.1).
   */
  static AttentionMask prefix(int length) {
    return firstKeys(length).or(causal());
  }

  /**
   * Every query sees the first keys.
   *
   * @param length how many
   */
  static AttentionMask firstKeys(int length) {
    return new PrefixMask(length);
  }

  /**
   * Only keys that are no padding.
   *
   * @param keep {@code [B, Tk]} or {@code [1, Tk]}, not zero = may be attended to
   */
  static AttentionMask padding(Tensor keep) {
    return new PaddingMask(BitRows.of("padding", keep));
  }

  /**
   * Only the first keys of each sequence.
   *
   * @param lengths how many, for each sequence of the batch
   */
  static AttentionMask lengths(int... lengths) {
    return new PaddingMask(BitRows.ofLengths(lengths));
  }

  /**
   * Chosen tokens see all keys, and all queries see them.
   *
   * @param global {@code [B, Tk]} or {@code [1, Tk]}, not zero = a global token
   */
  static AttentionMask globalTokens(Tensor global) {
    return new GlobalTokensMask(BitRows.of("global tokens", global));
  }

  /**
   * Tokens see only their own document, where several are packed into one row.
   *
   * @param documents whole numbers {@code [B, Tk]} or {@code [1, Tk]}: equal ones see each other
   */
  static AttentionMask documents(Tensor documents) {
    return DocumentMask.of(documents);
  }

  /**
   * Tokens see only their own document, where several stand end to end in one row.
   *
   * @param lengths in tokens, in order; their sum is Tk
   */
  static AttentionMask documents(int... lengths) {
    return DocumentMask.ofLengths(lengths);
  }

  /**
   * Any pairs, written down.
   *
   * @param allowed {@code [Tq, Tk]} or {@code [B or 1, H or 1, Tq, Tk]}, not zero = may attend
   */
  static AttentionMask dense(Tensor allowed) {
    return DenseMask.of(allowed);
  }

  /**
   * Writes the mask down.
   *
   * @return truth values {@code [B, H, queries, keys]}, where B and H are 1 if the mask does not
   *     depend on them; owned by the current scope
   */
  default Tensor toTensor(int batches, int heads, int queries, int keys) {
    return WrittenMask.of(this, batches, heads, queries, keys);
  }

  /** The mask of one head as text: a row a query, {@code #} = may attend, {@code .} = may not. */
  default String picture(int queries, int keys) {
    StringBuilder picture = new StringBuilder();
    for (int row = 0; row < queries; row++) {
      for (int key = 0; key < keys; key++) {
        picture.append(allows(0, 0, row + keys - queries, key) ? '#' : '.');
      }
      picture.append('\n');
    }
    return picture.toString();
  }
}
