package dev.heed.generate;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.OccurrencePenalty;
import dev.heed.generate.search.SearchSettings;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How a text is wished, in the words of chat interfaces; what is null, the model's {@code
 * generation_config.json} says.
 *
 * @param longest most tokens of the text
 * @param temperature divides the scores before one is drawn; 0 takes the likeliest token
 * @param topP draw from the likeliest tokens that have this probability together; 0 takes the
 *     likeliest token
 * @param topK draw from so many likeliest tokens; 0 or less from all. Where only others are given
 *     and the model's file has none, all: chat interfaces know of no such cut
 * @param minP draw from tokens that have this share of the likeliest one's probability
 * @param repetitionPenalty divides scores of tokens that were there
 * @param frequencyPenalty is taken from a token's score for each time that the text has it
 * @param presencePenalty is taken from a token's score once the text has it
 * @param seed of what is drawn; drawn itself if null
 * @param stops texts that end the text
 */
public record SamplingWish(
    @Nullable Integer longest,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable Double repetitionPenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Double presencePenalty,
    @Nullable Long seed,
    List<String> stops) {
  /** Copies the list. */
  public SamplingWish {
    stops = List.copyOf(stops);
  }

  /**
   * What the search is to do.
   *
   * @param said the model's own
   * @param usual most tokens where neither this nor the model's file says
   * @throws IllegalArgumentException for a value out of its range
   */
  public SearchSettings settings(GenerationConfig said, int usual) {
    try {
      GenerationConfig config = sampling(lengths(said, usual));
      config = stops.isEmpty() ? config : config.with("stop_strings", stops);
      return SearchSettings.of(config)
          .withSeed(seed == null ? ThreadLocalRandom.current().nextLong() : seed)
          .withOwn(penalties());
    } catch (CheckpointException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private GenerationConfig lengths(GenerationConfig config, int usual) {
    boolean said =
        config.given().containsKey("max_new_tokens") || config.given().containsKey("max_length");
    return longest == null && said
        ? config
        : config.with("max_new_tokens", longest == null ? usual : longest);
  }

  private GenerationConfig sampling(GenerationConfig config) {
    GenerationConfig changed =
        repetitionPenalty == null ? config : config.with("repetition_penalty", repetitionPenalty);
    if (isZero(temperature) || isZero(topP)) {
      return changed.with("do_sample", false);
    }
    if (temperature == null && topP == null && topK == null && minP == null) {
      return changed;
    }
    changed = changed.with("do_sample", true);
    if (topK != null || !config.given().containsKey("top_k")) {
      changed = changed.with("top_k", topK == null ? 0 : Math.max(0, topK));
    }
    changed = temperature == null ? changed : changed.with("temperature", temperature);
    changed = topP == null ? changed : changed.with("top_p", topP);
    return minP == null ? changed : changed.with("min_p", minP);
  }

  private static boolean isZero(@Nullable Double value) {
    return value != null && value == 0;
  }

  private List<LogitsProcessor> penalties() {
    return frequencyPenalty == null && presencePenalty == null
        ? List.of()
        : List.of(new OccurrencePenalty(orZero(frequencyPenalty), orZero(presencePenalty)));
  }

  private static double orZero(@Nullable Double value) {
    return value == null ? 0 : value;
  }
}
