package dev.heed.generate.search;

import dev.heed.generate.config.ConfiguredProcessors;
import dev.heed.generate.config.Convention;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.ProcessorChain;
import dev.heed.generate.logits.Tokens;
import java.util.List;

/**
 * All that a search is told besides its prompts.
 *
 * @param config lengths, beams, rules
 * @param convention how hypotheses are scored
 * @param paddingCounts whether the filling of a prompt is part of its sequence for lengths and
 *     rules, as it is in the reference library; false gives each sequence what it would get alone
 * @param encoderInputs the encoder's tokens of every input, for rules on them; may be empty
 * @param own the caller's rules, after the config's
 * @param stops the caller's criteria
 * @param seed of sampling
 */
public record SearchSettings(
    GenerationConfig config,
    Convention convention,
    boolean paddingCounts,
    List<Tokens> encoderInputs,
    List<LogitsProcessor> own,
    List<StopCriterion> stops,
    long seed) {
  /** Copies the lists. */
  public SearchSettings {
    encoderInputs = List.copyOf(encoderInputs);
    own = List.copyOf(own);
    stops = List.copyOf(stops);
  }

  /** A config by itself: Transformers 5's scores, filling does not count, seed 0. */
  public static SearchSettings of(GenerationConfig config) {
    return new SearchSettings(
        config, Convention.GENERATED_LENGTH_WITH_END, false, List.of(), List.of(), List.of(), 0);
  }

  /** The same with another config. */
  public SearchSettings withConfig(GenerationConfig changed) {
    return new SearchSettings(changed, convention, paddingCounts, encoderInputs, own, stops, seed);
  }

  /** The same with the arithmetic of another version. */
  public SearchSettings withConvention(Convention changed) {
    return new SearchSettings(config, changed, paddingCounts, encoderInputs, own, stops, seed);
  }

  /** The same with padding that counts or not. */
  public SearchSettings withPaddingCounts(boolean changed) {
    return new SearchSettings(config, convention, changed, encoderInputs, own, stops, seed);
  }

  /** The same with the encoder's tokens of every input. */
  public SearchSettings withEncoderInputs(List<Tokens> changed) {
    return new SearchSettings(config, convention, paddingCounts, changed, own, stops, seed);
  }

  /** The same with other rules of the caller. */
  public SearchSettings withOwn(List<LogitsProcessor> changed) {
    return new SearchSettings(
        config, convention, paddingCounts, encoderInputs, changed, stops, seed);
  }

  /** The same with other criteria of the caller. */
  public SearchSettings withStops(List<StopCriterion> changed) {
    return new SearchSettings(config, convention, paddingCounts, encoderInputs, own, changed, seed);
  }

  /** The same with another seed. */
  public SearchSettings withSeed(long changed) {
    return new SearchSettings(
        config, convention, paddingCounts, encoderInputs, own, stops, changed);
  }

  /** The rules that hold in every step. */
  public ProcessorChain rules() {
    return ConfiguredProcessors.rules(config, convention, encoderInputs, own);
  }

  ProcessorChain cuts() {
    return ConfiguredProcessors.cuts(config);
  }

  boolean isEnd(int token) {
    return config.tokens().eosTokenId().contains(token);
  }

  /** Why a sequence ends with its last token, or that it does not. */
  Finish finish(Tokens sequence, int prompt, int limit) {
    if (isEnd(sequence.last())) {
      return Finish.END_TOKEN;
    }
    if (stops.stream().anyMatch(stop -> stop.ends(sequence, prompt))) {
      return Finish.STOPPED;
    }
    return sequence.size() >= limit ? Finish.LENGTH : Finish.UNFINISHED;
  }
}
