package dev.heed.model;

import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder is given to learn {@code labels}: those, one place to the right behind a start
 * token, so that each position predicts the label that stands there.
 *
 * @param start the first token, or -1 for the last token of each sequence before its padding, its
 *     language (mBART)
 * @param padding stands in for labels of -100
 * @param ofInput whether, without labels, what the encoder reads is given (BART without a head)
 * @param hidesPadding whether padding among the decoder's tokens is hidden without a mask (FSMT,
 *     T5Gemma)
 */
public record DecoderStart(long start, long padding, boolean ofInput, boolean hidesPadding) {
  private static final long IGNORED = -100;

  /** Labels behind a start token. */
  public static DecoderStart of(long start, long padding) {
    return new DecoderStart(start, padding, false, false);
  }

  /** The same that takes what the encoder reads where there are no labels. */
  public DecoderStart orInput() {
    return new DecoderStart(start, padding, true, hidesPadding);
  }

  /** The same that hides padding. */
  public DecoderStart hidingPadding() {
    return new DecoderStart(start, padding, ofInput, true);
  }

  /** Which of the decoder's tokens are there, bool {@code [B, T]}, or null for all. */
  @Nullable Tensor keep(ModelInput input, Tensor ids) {
    if (!hidesPadding || input.has("decoder_attention_mask") || input.state() != null) {
      return input.truth("decoder_attention_mask");
    }
    Tensor real = ids.ne(padding);
    return real.not().sum().itemLong() == 0 ? null : real;
  }

  /** The decoder's tokens i64 {@code [B, T]} of a call. */
  Tensor ids(ModelInput input) {
    if (input.has("decoder_input_ids")) {
      return input.require("decoder_input_ids");
    }
    if (input.has("labels") || !ofInput) {
      Tensor labels = input.get("labels");
      return shifted(labels == null ? input.require("decoder_input_ids") : labels);
    }
    return shifted(input.require("input_ids"));
  }

  /** {@code [B, T]} one place to the right. */
  public Tensor shifted(Tensor labels) {
    Tensor known = labels.maskedFill(labels.eq(IGNORED), padding);
    long time = known.size(1);
    Tensor first =
        start >= 0
            ? known.narrow(1, 0, 1).mul(0).add(start)
            : known.gather(1, known.ne(padding).sum(1, true).sub(1));
    return Tensor.cat(List.of(first, known.narrow(1, 0, time - 1)), 1);
  }
}
