package dev.heed.generate.config;

import dev.heed.generate.logits.SequenceBias;
import dev.heed.generate.logits.Watermark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Penalties, bans and commands; the names of the rules in {@code dev.heed.generate.logits}.
 *
 * @param repetitionPenalty 1 switches it off
 * @param encoderRepetitionPenalty 1 switches it off
 * @param noRepeatNgramSize 0 switches it off
 * @param encoderNoRepeatNgramSize 0 switches it off
 * @param badWordsIds sequences that must not occur
 * @param sequenceBias what sequences gain or lose
 * @param suppressTokens tokens that are never chosen
 * @param beginSuppressTokens tokens that do not come first
 * @param forcedBosTokenId the token after the decoder's start token
 * @param forcedEosTokenId the tokens one of which ends a sequence that has reached its limit
 * @param forcedDecoderIds pairs of a place and the token there, null for any
 * @param exponentialDecayLengthPenalty a start and a factor; null switches it off
 * @param removeInvalidValues whether NaN and infinity are replaced
 * @param renormalizeLogits whether scores are turned into log-probabilities at the end
 * @param guidanceScale 1 switches it off
 * @param watermarkingConfig a mark that can be found again in what is written; null for none
 */
public record RuleOptions(
    double repetitionPenalty,
    double encoderRepetitionPenalty,
    int noRepeatNgramSize,
    int encoderNoRepeatNgramSize,
    List<List<Integer>> badWordsIds,
    List<SequenceBias.Entry> sequenceBias,
    List<Integer> suppressTokens,
    List<Integer> beginSuppressTokens,
    @Nullable Integer forcedBosTokenId,
    List<Integer> forcedEosTokenId,
    List<List<@Nullable Integer>> forcedDecoderIds,
    @Nullable Decay exponentialDecayLengthPenalty,
    boolean removeInvalidValues,
    boolean renormalizeLogits,
    double guidanceScale,
    @Nullable Watermark watermarkingConfig) {
  /**
   * When and how fast the end becomes likelier.
   *
   * @param start generated tokens after which it begins
   * @param factor above 0
   */
  public record Decay(int start, double factor) {
    /** Checks the numbers. */
    public Decay {
      Options.require(start >= 0, "exponential_decay_length_penalty", "a start from 0", start);
      Options.require(factor > 0, "exponential_decay_length_penalty", "a factor above 0", factor);
    }
  }

  /** What holds where a config does not say. */
  public static final RuleOptions DEFAULTS =
      new RuleOptions(
          1, 1, 0, 0, List.of(), List.of(), List.of(), List.of(), null, List.of(), List.of(), null,
          false, false, 1, null);

  /** Checks the numbers. */
  public RuleOptions {
    Options.require(repetitionPenalty > 0, "repetition_penalty", "above 0", repetitionPenalty);
    Options.require(
        encoderRepetitionPenalty > 0,
        "encoder_repetition_penalty",
        "above 0",
        encoderRepetitionPenalty);
    Options.require(
        noRepeatNgramSize >= 0, "no_repeat_ngram_size", "at least 0", noRepeatNgramSize);
    Options.require(
        encoderNoRepeatNgramSize >= 0,
        "encoder_no_repeat_ngram_size",
        "at least 0",
        encoderNoRepeatNgramSize);
    Options.require(guidanceScale > 0, "guidance_scale", "above 0", guidanceScale);
    Options.require(
        badWordsIds.stream().noneMatch(List::isEmpty),
        "bad_words_ids",
        "sequences of a token or more",
        badWordsIds);
    Options.require(
        forcedDecoderIds.stream().allMatch(pair -> pair.size() == 2 && pair.getFirst() != null),
        "forced_decoder_ids",
        "pairs of a place and a token",
        forcedDecoderIds);
  }
}
