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
 * @param given what is put behind the start token
 * @param hidesPadding whether padding among the decoder's tokens is hidden without a mask (FSMT,
 *     T5Gemma)
 */
public record DecoderStart(long start, long padding, Given given, boolean hidesPadding) {
  /** What is put behind the start token. */
  public enum Given {
    /** The labels. */
    LABELS,
    /** The labels, or what the encoder reads where there are none (BART without a head). */
    LABELS_OR_INPUT,
    /**
     * What the encoder reads, also where there are labels, which are classes (BART's classifier).
     */
    INPUT
  }

  private static final long IGNORED = -100;

  /** Labels behind a start token. */
  public static DecoderStart of(long start, long padding) {
    return new DecoderStart(start, padding, Given.LABELS, false);
  }

  /** The same that takes what the encoder reads where there are no labels. */
  public DecoderStart orInput() {
    return new DecoderStart(start, padding, Given.LABELS_OR_INPUT, hidesPadding);
  }

  /** The same that always takes what the encoder reads. */
  public DecoderStart ofInput() {
    return new DecoderStart(start, padding, Given.INPUT, hidesPadding);
  }

  /** The same that hides padding. */
  public DecoderStart hidingPadding() {
    return new DecoderStart(start, padding, given, true);
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
  public Tensor ids(ModelInput input) {
    if (input.has("decoder_input_ids")) {
      return input.require("decoder_input_ids");
    }
    boolean labelled = given != Given.INPUT && input.has("labels");
    if (labelled || given == Given.LABELS) {
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
