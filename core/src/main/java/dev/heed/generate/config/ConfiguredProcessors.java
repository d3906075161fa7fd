package dev.heed.generate.config;

import dev.heed.generate.logits.BadWords;
import dev.heed.generate.logits.EncoderNoRepeatNgram;
import dev.heed.generate.logits.EncoderRepetitionPenalty;
import dev.heed.generate.logits.EpsilonCutoff;
import dev.heed.generate.logits.EtaCutoff;
import dev.heed.generate.logits.ExponentialDecay;
import dev.heed.generate.logits.ForceTokens;
import dev.heed.generate.logits.ForcedBos;
import dev.heed.generate.logits.ForcedEos;
import dev.heed.generate.logits.HammingDiversity;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.MinLength;
import dev.heed.generate.logits.MinNewTokens;
import dev.heed.generate.logits.MinP;
import dev.heed.generate.logits.NoRepeatNgram;
import dev.heed.generate.logits.Normalization;
import dev.heed.generate.logits.ProcessorChain;
import dev.heed.generate.logits.RemoveInvalid;
import dev.heed.generate.logits.RepetitionPenalty;
import dev.heed.generate.logits.SequenceBias;
import dev.heed.generate.logits.Suppress;
import dev.heed.generate.logits.SuppressAtBegin;
import dev.heed.generate.logits.Temperature;
import dev.heed.generate.logits.Tokens;
import dev.heed.generate.logits.TopK;
import dev.heed.generate.logits.TopP;
import dev.heed.generate.logits.Typical;
import dev.heed.generate.logits.Watermark;
import dev.heed.generate.logits.WhisperTimestamps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The processors that a config switches on, in the reference library's order. */
public final class ConfiguredProcessors {
  private ConfiguredProcessors() {}

  /**
   * The rules that hold whether tokens are sampled or not.
   *
   * @param config what is switched on
   * @param convention whose arithmetic
   * @param encoderInputs the encoder's tokens of every input; empty where there is no encoder
   * @param own the caller's processors, which come after the config's
   * @throws IllegalArgumentException if a rule on the encoder's tokens has none to work on
   */
  public static ProcessorChain rules(
      GenerationConfig config,
      Convention convention,
      List<Tokens> encoderInputs,
      List<LogitsProcessor> own) {
    RuleOptions rules = config.rules();
    LengthOptions lengths = config.lengths();
    List<Integer> ends = config.tokens().eosTokenId();
    ChainBuilder chain = new ChainBuilder();
    chain.add(!rules.sequenceBias().isEmpty(), () -> new SequenceBias(rules.sequenceBias()));
    chain.add(
        config.search().diversityPenalty() > 0,
        () -> new HammingDiversity(config.search().diversityPenalty()));
    chain.add(
        rules.encoderRepetitionPenalty() != 1,
        () ->
            new EncoderRepetitionPenalty(
                rules.encoderRepetitionPenalty(),
                required("encoder_repetition_penalty", encoderInputs)));
    chain.add(
        rules.repetitionPenalty() != 1, () -> new RepetitionPenalty(rules.repetitionPenalty()));
    chain.add(rules.noRepeatNgramSize() > 0, () -> new NoRepeatNgram(rules.noRepeatNgramSize()));
    chain.add(
        rules.encoderNoRepeatNgramSize() > 0,
        () ->
            new EncoderNoRepeatNgram(
                rules.encoderNoRepeatNgramSize(),
                required("encoder_no_repeat_ngram_size", encoderInputs)));
    chain.add(!rules.badWordsIds().isEmpty(), () -> BadWords.of(rules.badWordsIds(), ends));
    if (!ends.isEmpty()) {
      chain.add(lengths.minLength() > 0, () -> new MinLength(lengths.minLength(), ends));
      Integer fresh = lengths.minNewTokens();
      if (fresh != null && fresh > 0) {
        chain.add(true, () -> new MinNewTokens(fresh, ends));
      }
    }
    Integer first = rules.forcedBosTokenId();
    if (first != null) {
      chain.add(true, () -> new ForcedBos(first));
    }
    chain.add(!rules.forcedEosTokenId().isEmpty(), () -> new ForcedEos(rules.forcedEosTokenId()));
    chain.add(rules.removeInvalidValues(), RemoveInvalid::new);
    RuleOptions.Decay decay = rules.exponentialDecayLengthPenalty();
    if (decay != null) {
      chain.add(
          true,
          () -> new ExponentialDecay(decay.start(), decay.factor(), ends, convention.decay()));
    }
    chain.add(!rules.suppressTokens().isEmpty(), () -> new Suppress(rules.suppressTokens()));
    Map<Integer, Integer> forced = forced(rules);
    chain.add(
        !rules.beginSuppressTokens().isEmpty(),
        () -> new SuppressAtBegin(rules.beginSuppressTokens(), lastForced(rules), first != null));
    chain.add(!forced.isEmpty(), () -> new ForceTokens(forced));
    Integer noTimestamps = config.whisper().noTimestampsTokenId();
    if (config.whisper().returnTimestamps() && noTimestamps != null) {
      chain.add(true, () -> timestamps(config, noTimestamps));
    }
    own.forEach(processor -> chain.add(true, () -> processor));
    Watermark mark = rules.watermarkingConfig();
    if (mark != null && !config.sampling().doSample()) {
      chain.add(true, () -> mark);
    }
    chain.add(rules.renormalizeLogits(), Normalization::new);
    return chain.build();
  }

  /**
   * The cuts of sampling; none where nothing is drawn.
   *
   * @param config what is switched on
   */
  public static ProcessorChain cuts(GenerationConfig config) {
    SamplingOptions sampling = config.sampling();
    if (!sampling.doSample()) {
      return new ProcessorChain(List.of());
    }
    // A beam needs a second token to branch, and one more for each end.
    int least =
        config.search().numBeams() > 1 ? Math.max(2, config.tokens().eosTokenId().size() + 1) : 1;
    ChainBuilder chain = new ChainBuilder();
    chain.add(sampling.temperature() != 1, () -> new Temperature(sampling.temperature()));
    chain.add(sampling.topK() > 0, () -> new TopK(sampling.topK(), least));
    chain.add(sampling.topP() < 1, () -> new TopP(sampling.topP(), least));
    chain.add(sampling.minP() > 0, () -> new MinP(sampling.minP(), least));
    chain.add(sampling.typicalP() < 1, () -> new Typical(sampling.typicalP(), least));
    chain.add(
        sampling.epsilonCutoff() > 0, () -> new EpsilonCutoff(sampling.epsilonCutoff(), least));
    chain.add(sampling.etaCutoff() > 0, () -> new EtaCutoff(sampling.etaCutoff(), least));
    Watermark mark = config.rules().watermarkingConfig();
    if (mark != null) {
      chain.add(true, () -> mark);
    }
    chain.add(config.rules().renormalizeLogits(), Normalization::new);
    return chain.build();
  }

  private static List<Tokens> required(String key, List<Tokens> encoderInputs) {
    Options.require(
        !encoderInputs.isEmpty(), key, "a model with an encoder that reads tokens", "none");
    return encoderInputs;
  }

  private static Map<Integer, Integer> forced(RuleOptions rules) {
    Map<Integer, Integer> forced = new HashMap<>();
    for (var pair : rules.forcedDecoderIds()) {
      Integer place = pair.get(0);
      Integer token = pair.get(1);
      if (place != null && token != null) {
        forced.put(place, token);
      }
    }
    return forced;
  }

  private static int lastForced(RuleOptions rules) {
    if (rules.forcedDecoderIds().isEmpty()) {
      return 0;
    }
    Integer last = rules.forcedDecoderIds().getLast().getFirst();
    return last == null ? 0 : last;
  }

  private static WhisperTimestamps timestamps(GenerationConfig config, int noTimestamps) {
    var forced = config.rules().forcedDecoderIds();
    boolean off =
        !forced.isEmpty() && Integer.valueOf(noTimestamps).equals(forced.getLast().getLast());
    Integer latest = config.whisper().maxInitialTimestampIndex();
    return new WhisperTimestamps(
        config.tokens().eosTokenId().getFirst(),
        noTimestamps,
        forced.size() + (off ? 1 : 2),
        latest == null ? -1 : latest);
  }

  /** Collects what is switched on. */
  private static final class ChainBuilder {
    private final List<LogitsProcessor> chain = new ArrayList<>();

    void add(boolean on, java.util.function.Supplier<LogitsProcessor> processor) {
      if (on) {
        chain.add(processor.get());
      }
    }

    ProcessorChain build() {
      return new ProcessorChain(chain);
    }
  }
}
