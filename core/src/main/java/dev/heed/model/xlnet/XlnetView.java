package dev.heed.model.xlnet;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.ModelInput;
import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who sees whom in one call.
 *
 * @param keep truth values {@code [B, T]}, false at padding, with those of remembered tokens in
 *     front where there are more; or null for all
 * @param hidden truth values {@code [B or 1, T, T]}, true where a query does not see a key; or null
 * @param targets places to predict, {@code [B, P, T]}, or null
 * @param segments i64 {@code [B, T]}, or null
 */
record XlnetView(
    @Nullable Tensor keep,
    @Nullable Tensor hidden,
    @Nullable Tensor targets,
    @Nullable Tensor segments) {
  /** As the call's inputs say. */
  static XlnetView given(Run run, Tensor ids) {
    ModelInput input = run.input();
    Tensor padding = input.get("input_mask");
    Tensor there = input.truth("attention_mask");
    if (padding != null && there != null) {
      throw new IllegalArgumentException(
          "model input: expected attention_mask or input_mask, its opposite, got both");
    }
    Tensor hidden = input.get("perm_mask");
    return new XlnetView(
        padding == null ? there : padding.eq(0),
        hidden == null ? null : hidden.ne(0),
        input.get("target_mapping"),
        input.get("token_type_ids"));
  }

  /**
   * What follows the last token: its place stands at the end, and no token sees it.
   *
   * @param all i64 {@code [B, T]}, the last a place
   * @param past how many tokens earlier calls took
   */
  static XlnetView next(Run run, Tensor all, long past) {
    long time = all.size(1);
    Tensor last = Tensor.arange(time, DType.I64).eq(time - 1);
    Tensor hidden = last.view(1, 1, time).expand(1, time, time);
    Tensor target = last.view(1, 1, time).expand(all.size(0), 1, time).to(DType.F32);
    Tensor there = run.input().truth("attention_mask");
    Tensor keep =
        there == null
            ? null
            : Tensor.cat(List.of(there, Tensor.ones(Shape.of(all.size(0), 1), DType.I64).ne(0)), 1);
    if (keep != null && keep.size(1) < time + Math.max(0, past - 1)) {
      throw new IllegalArgumentException(
          "attention_mask: expected all "
              + (past + time - (past > 0 ? 2 : 1))
              + " tokens so far, got "
              + (keep.size(1) - 1));
    }
    return new XlnetView(keep, hidden, target, null);
  }

  /**
   * The requests of a call's layers.
   *
   * @param tokens T
   * @param remembered M
   */
  XlnetCall call(Run run, XlnetConfig config, long tokens, long remembered) {
    AttentionMask mask = null;
    if (config.attnType().equals("uni")) {
      mask =
          config.sameLength()
              ? AttentionMask.slidingWindow(Math.toIntExact(remembered + 1))
              : AttentionMask.causal();
    }
    if (keep != null) {
      mask = and(mask, AttentionMask.padding(keys(keep, tokens, remembered)));
    }
    if (hidden != null) {
      // [B, 1, T, M + T]: what is remembered is seen by all
      Tensor open = hidden.not().to(DType.I64).pad(1, remembered, 0).ne(0).unsqueeze(1);
      mask = and(mask, AttentionMask.dense(open));
    }
    AttentionRequest plain = run.request(null).withState(null);
    return new XlnetCall(
        plain.withMask(mask == null ? null : mask.or(AttentionMask.window(0, 0))),
        plain.withMask(mask),
        targets,
        differs(tokens, remembered));
  }

  private static AttentionMask and(@Nullable AttentionMask mask, AttentionMask other) {
    return mask == null ? other : mask.and(other);
  }

  /** Which of M remembered and T tokens are there. */
  private static Tensor keys(Tensor keep, long tokens, long remembered) {
    long known = Math.min(keep.size(1) - tokens, remembered);
    Tensor last = keep.narrow(1, keep.size(1) - tokens - known, tokens + known);
    return known == remembered ? last : last.to(DType.I64).pad(1, remembered - known, 0).ne(0);
  }

  /** What is remembered counts as of segment 0. */
  private @Nullable Tensor differs(long tokens, long remembered) {
    if (segments == null) {
      return null;
    }
    Tensor all = remembered == 0 ? segments : segments.pad(0, remembered, 0);
    return segments.unsqueeze(2).ne(all.unsqueeze(1)).to(DType.I64);
  }
}
