package dev.heed.bench.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import org.jspecify.annotations.Nullable;

/** The patterns of the benchmark, as masks that classify blocks in constant time. */
enum Pattern {
  FULL("full"),
  CAUSAL("causal"),
  PADDING("padding"),
  ALIBI("alibi"),
  WINDOW("window 256"),
  LONGFORMER("window 256 + 16 global"),
  BIGBIRD("window + global + random"),
  DOCUMENTS("packed documents");

  private static final int WINDOW_SIZE = 256;
  private static final int GLOBAL = 16;
  private static final int BLOCK = 64;
  private static final int RANDOM_BLOCKS = 3;

  private final String label;

  Pattern(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }

  /** Whether LibTorch has this pattern without a matrix. */
  boolean isBuiltIn() {
    return this == FULL || this == CAUSAL;
  }

  /** The mask for self-attention of this length, or null for all pairs. */
  @Nullable AttentionMask mask(int length) {
    return switch (this) {
      case FULL, ALIBI -> null;
      case CAUSAL -> new Blocks((q0, q1, k0, k1) -> between(k0 - q1, k1 - q0, -length, 0));
      case PADDING -> new Blocks((q0, q1, k0, k1) -> between(k0, k1, 0, length - length / 5));
      case WINDOW -> window();
      case LONGFORMER ->
          new Blocks((q0, q1, k0, k1) ->
              or(
                  window().kind(q0, q1, k0, k1),
                  or(between(k0, k1, 0, GLOBAL - 1), between(q0, q1, 0, GLOBAL - 1))));
      case BIGBIRD -> new BigBird(length / BLOCK);
      case DOCUMENTS -> new Blocks(Pattern::sameDocument);
    };
  }

  private static Blocks window() {
    return new Blocks(
        (q0, q1, k0, k1) -> between(k0 - q1, k1 - q0, -WINDOW_SIZE / 2, WINDOW_SIZE / 2));
  }

  /** Documents of 300, 500, 700 and 1100 tokens in turn. */
  private static BlockKind sameDocument(int q0, int q1, int k0, int k1) {
    int first = document(q0);
    int last = document(q1);
    int firstKey = document(k0);
    int lastKey = document(k1);
    if (last < firstKey || lastKey < first) {
      return BlockKind.EMPTY;
    }
    return first == last && firstKey == lastKey && first == firstKey
        ? BlockKind.FULL
        : BlockKind.PARTIAL;
  }

  private static int document(int token) {
    int[] ends = {300, 800, 1500, 2600};
    int within = token % ends[3];
    int number = token / ends[3] * ends.length;
    for (int end : ends) {
      if (within < end) {
        return number;
      }
      number++;
    }
    return number;
  }

  /** What {@code [low, high]} holds of an interval. */
  private static BlockKind between(int low, int high, int from, int to) {
    if (high < from || low > to) {
      return BlockKind.EMPTY;
    }
    return low >= from && high <= to ? BlockKind.FULL : BlockKind.PARTIAL;
  }

  private static BlockKind or(BlockKind a, BlockKind b) {
    if (a == BlockKind.FULL || b == BlockKind.FULL) {
      return BlockKind.FULL;
    }
    return a == BlockKind.EMPTY && b == BlockKind.EMPTY ? BlockKind.EMPTY : BlockKind.PARTIAL;
  }

  /** What a block holds, bounds included; of one pair it is the predicate. */
  private interface Kind {
    BlockKind of(int firstQuery, int lastQuery, int firstKey, int lastKey);
  }

  private record Blocks(Kind rule) implements AttentionMask {
    BlockKind kind(int q0, int q1, int k0, int k1) {
      return rule.of(q0, q1, k0, k1);
    }

    @Override
    public boolean allows(int batch, int head, int query, int key) {
      return rule.of(query, query, key, key) == BlockKind.FULL;
    }

    @Override
    public BlockKind classify(
        int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
      return rule.of(queryFrom, queryTo - 1, keyFrom, keyTo - 1);
    }

    @Override
    public boolean dependsOnBatch() {
      return false;
    }

    @Override
    public boolean dependsOnHead() {
      return false;
    }
  }

  /** Blocks of 64: the neighbours, the first and last, and three pseudo-random ones of each row. */
  private record BigBird(int blocks) implements AttentionMask {
    @Override
    public boolean allows(int batch, int head, int query, int key) {
      int row = query / BLOCK;
      int column = key / BLOCK;
      if (Math.abs(row - column) <= 1 || isGlobal(row) || isGlobal(column)) {
        return true;
      }
      for (int i = 0; i < RANDOM_BLOCKS; i++) {
        if (Math.floorMod((row * 31 + i) * 0x9E3779B1, blocks) == column) {
          return true;
        }
      }
      return false;
    }

    private boolean isGlobal(int block) {
      return block == 0 || block == blocks - 1;
    }

    @Override
    public BlockKind classify(
        int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
      boolean one =
          queryFrom / BLOCK == (queryTo - 1) / BLOCK && keyFrom / BLOCK == (keyTo - 1) / BLOCK;
      if (!one) {
        return BlockKind.PARTIAL;
      }
      return allows(batch, head, queryFrom, keyFrom) ? BlockKind.FULL : BlockKind.EMPTY;
    }

    @Override
    public boolean dependsOnBatch() {
      return false;
    }

    @Override
    public boolean dependsOnHead() {
      return false;
    }
  }
}
