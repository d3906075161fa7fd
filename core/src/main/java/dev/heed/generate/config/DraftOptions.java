package dev.heed.generate.config;

import org.jspecify.annotations.Nullable;

/**
 * How many tokens are guessed ahead where a draft is checked against the model at once. It changes
 * how fast the tokens come, not which.
 *
 * @param numAssistantTokens the first guess's length
 * @param numAssistantTokensSchedule how the length changes
 * @param assistantConfidenceThreshold below this probability the assistant stops guessing; 0: never
 * @param promptLookupNumTokens most tokens copied from where the last ones stood before; null: no
 *     guessing from the prompt
 * @param maxMatchingNgramSize most tokens that are looked up there
 */
public record DraftOptions(
    int numAssistantTokens,
    Schedule numAssistantTokensSchedule,
    double assistantConfidenceThreshold,
    @Nullable Integer promptLookupNumTokens,
    int maxMatchingNgramSize) {
  /** How the length of a guess changes. */
  public enum Schedule {
    /** Two more after a guess that was right throughout, else one less. */
    HEURISTIC,
    /** As heuristic, beginning anew with each generation. */
    HEURISTIC_TRANSIENT,
    /** Not at all. */
    CONSTANT
  }

  /** What holds where a config does not say. */
  public static final DraftOptions DEFAULTS = new DraftOptions(5, Schedule.HEURISTIC, 0, null, 2);

  /** Checks the numbers. */
  public DraftOptions {
    Options.require(
        numAssistantTokens >= 1, "num_assistant_tokens", "at least 1", numAssistantTokens);
    Options.require(
        assistantConfidenceThreshold >= 0 && assistantConfidenceThreshold <= 1,
        "assistant_confidence_threshold",
        "from 0 to 1",
        assistantConfidenceThreshold);
    Options.require(
        promptLookupNumTokens == null || promptLookupNumTokens >= 1,
        "prompt_lookup_num_tokens",
        "at least 1",
        promptLookupNumTokens);
    Options.require(
        maxMatchingNgramSize >= 1, "max_matching_ngram_size", "at least 1", maxMatchingNgramSize);
  }
}
