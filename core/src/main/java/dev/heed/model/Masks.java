package dev.heed.model;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The masks that inputs and layers bring together. */
public final class Masks {
  private Masks() {}

  /**
   * Which keys are there for a whole sequence: {@code attention_mask}, and texts that stand end to
   * end in one row by {@code document_ids} i64 {@code [B, T]}, where equal ones see each other.
   *
   * @return null for all
   */
  public static @Nullable AttentionMask present(ModelInput input) {
    Tensor keep = input.truth("attention_mask");
    Tensor documents = input.get("document_ids");
    AttentionMask padding = keep == null ? null : AttentionMask.padding(keep);
    return documents == null ? padding : and(AttentionMask.documents(documents), padding);
  }

  /**
   * A layer's pattern and which of its keys are there.
   *
   * @param pattern for example causal
   * @param keep truth values {@code [B, T]} for all tokens so far, or null for all
   * @param keys how many of the last tokens the layer has keys of
   */
  public static AttentionMask of(AttentionMask pattern, @Nullable Tensor keep, long keys) {
    if (keep == null) {
      return pattern;
    }
    long from = Math.max(0, keep.size(1) - keys);
    return pattern.and(AttentionMask.padding(keep.narrow(1, from, keep.size(1) - from)));
  }

  /**
   * What a decoder's layer sees: the tokens before and each itself, the last ones only if it has a
   * window, and no padding.
   *
   * @param window how many keys a query sees, its own included; 0 for all before it
   * @param keep truth values {@code [B, T]} for all tokens so far, or null for all
   * @param past how many tokens earlier calls took
   * @param time how many tokens this call takes
   */
  public static AttentionMask decoding(int window, @Nullable Tensor keep, long past, long time) {
    return window == 0
        ? of(AttentionMask.causal(), keep, past + time)
        : of(AttentionMask.slidingWindow(window), keep, Math.min(past, window - 1L) + time);
  }

  private static AttentionMask and(AttentionMask mask, @Nullable AttentionMask other) {
    return other == null ? mask : mask.and(other);
  }
}
