package dev.heed.bench.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The patterns of the benchmark. */
enum Pattern {
  FULL("full"),
  CAUSAL("causal"),
  PADDING("padding of a fifth"),
  RAGGED("padding, mixed lengths"),
  ALIBI("ALiBi"),
  WINDOW("window 256"),
  LONGFORMER("window 256 + 16 global"),
  BIGBIRD("window + global + random"),
  DOCUMENTS("packed documents");

  static final int HALF_WINDOW = 128;
  private static final int GLOBAL = 16;

  /** Where documents of 300, 500, 700 and 1100 tokens end, again and again. */
  private static final int[] DOCUMENT_ENDS = {300, 800, 1500, 2600};

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

  /** Whether each head is a sequence of its own, with a length of its own. */
  boolean differsBySequence() {
    return this == RAGGED;
  }

  /** How many keys each sequence has; the longest of mixed lengths has all. */
  static int[] lengths(int sequences, int length) {
    return IntStream.rangeClosed(1, sequences).map(i -> i * length / sequences).toArray();
  }

  /** The mask for self-attention of so many sequences of this length, or null for all pairs. */
  @Nullable AttentionMask mask(int sequences, int length) {
    return switch (this) {
      case FULL, ALIBI -> null;
      case CAUSAL -> AttentionMask.causal();
      case PADDING -> AttentionMask.lengths(length - length / 5);
      case RAGGED -> AttentionMask.lengths(lengths(sequences, length));
      case WINDOW -> window();
      case LONGFORMER -> window().or(globalTokens(length));
      case BIGBIRD -> new BigBirdBlocks(length / BigBirdBlocks.SIZE);
      case DOCUMENTS -> documents(length);
    };
  }

  private static AttentionMask window() {
    return AttentionMask.window(HALF_WINDOW, HALF_WINDOW);
  }

  private static AttentionMask globalTokens(int length) {
    long[] global = LongStream.range(0, length).map(i -> i < GLOBAL ? 1 : 0).toArray();
    try (TensorScope scope = TensorScope.open()) {
      return AttentionMask.globalTokens(Tensor.of(global, 1, length));
    }
  }

  private static AttentionMask documents(int length) {
    long[] numbers = LongStream.range(0, length).map(i -> document((int) i)).toArray();
    try (TensorScope scope = TensorScope.open()) {
      return AttentionMask.documents(Tensor.of(numbers, 1, length));
    }
  }

  private static int document(int token) {
    int period = DOCUMENT_ENDS[DOCUMENT_ENDS.length - 1];
    int number = token / period * DOCUMENT_ENDS.length;
    for (int end : DOCUMENT_ENDS) {
      if (token % period < end) {
        return number;
      }
      number++;
    }
    return number;
  }
}
