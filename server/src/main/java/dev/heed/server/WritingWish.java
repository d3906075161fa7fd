package dev.heed.server;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.OccurrencePenalty;
import dev.heed.generate.logits.SequenceBias;
import dev.heed.generate.search.SearchSettings;
import dev.heed.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a client wants texts written; what it does not say, the model's {@code
 * generation_config.json} says.
 *
 * @param settings rules, lengths, stops, seed
 * @param count how many texts
 */
record WritingWish(SearchSettings settings, int count) {
  private static final int MOST_TEXTS = 16;
  private static final int MOST_STOPS = 16;
  private static final double MOST_TEMPERATURE = 2;

  /**
   * Reads the fields that chats and completions share.
   *
   * @param fields of the request
   * @param usual how many tokens where neither the request nor the model's files say
   */
  static WritingWish read(Fields fields, TextGenerator writer, int usual) {
    int count = orElse(fields.integer("n", 1, MOST_TEXTS), 1);
    GenerationConfig config = writer.config();
    try {
      config = lengths(fields, config, usual);
      config = sampling(fields, config);
      List<String> stops = fields.texts("stop");
      if (stops.size() > MOST_STOPS || stops.stream().anyMatch(String::isEmpty)) {
        throw Problem.ofParameter(
            "stop",
            "invalid_value",
            "stop: expected at most " + MOST_STOPS + " texts of a character or more");
      }
      config = stops.isEmpty() ? config : config.with("stop_strings", stops);
    } catch (CheckpointException | IllegalArgumentException e) {
      throw new Problem(400, "invalid_value", String.valueOf(e.getMessage()));
    }
    Long seed = fields.number("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    SearchSettings settings =
        SearchSettings.of(config)
            .withSeed(seed == null ? ThreadLocalRandom.current().nextLong() : seed)
            .withOwn(own(fields, writer));
    return new WritingWish(settings, count);
  }

  private static int orElse(@Nullable Integer given, int absent) {
    return given == null ? absent : given;
  }

  private static GenerationConfig lengths(Fields fields, GenerationConfig config, int usual) {
    Integer most = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    Integer newer = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    Integer given = newer != null ? newer : most;
    if (given != null) {
      return config.with("max_new_tokens", given);
    }
    boolean said =
        config.given().containsKey("max_new_tokens") || config.given().containsKey("max_length");
    return said ? config : config.with("max_new_tokens", usual);
  }

  private static GenerationConfig sampling(Fields fields, GenerationConfig config) {
    Double temperature = fields.real("temperature", 0, MOST_TEMPERATURE);
    Double topP = fields.real("top_p", 0, 1);
    Integer topK = fields.integer("top_k", -1, Integer.MAX_VALUE);
    Double minP = fields.real("min_p", 0, 1);
    Double repetition = fields.real("repetition_penalty", 0, Double.MAX_VALUE);
    GenerationConfig changed = config;
    if (temperature != null && temperature == 0) {
      changed = changed.with("do_sample", false);
    } else if (temperature != null || topP != null || topK != null || minP != null) {
      changed = changed.with("do_sample", true);
      if (!config.given().containsKey("top_k")) {
        changed = changed.with("top_k", 0); // the interface knows of no such cut
      }
      changed = temperature == null ? changed : changed.with("temperature", temperature);
      changed = topP == null || topP == 0 ? changed : changed.with("top_p", topP);
      changed = topP != null && topP == 0 ? changed.with("do_sample", false) : changed;
      changed = topK == null ? changed : changed.with("top_k", Math.max(0, topK));
      changed = minP == null ? changed : changed.with("min_p", minP);
    }
    return repetition == null ? changed : changed.with("repetition_penalty", repetition);
  }

  private static List<LogitsProcessor> own(Fields fields, TextGenerator writer) {
    List<LogitsProcessor> own = new ArrayList<>();
    Double frequency = fields.real("frequency_penalty", -2, 2);
    Double presence = fields.real("presence_penalty", -2, 2);
    if (frequency != null || presence != null) {
      own.add(
          new OccurrencePenalty(
              frequency == null ? 0 : frequency, presence == null ? 0 : presence));
    }
    JsonNode bias = fields.any("logit_bias");
    if (bias != null) {
      own.add(bias(fields, bias, writer.tokenizer().vocabularySize()));
    }
    return own;
  }

  private static SequenceBias bias(Fields fields, JsonNode bias, int vocabulary) {
    List<SequenceBias.Entry> entries = new ArrayList<>();
    for (var entry : bias.properties()) {
      int token = entry.getKey().matches("\\d{1,9}") ? Integer.parseInt(entry.getKey()) : -1;
      if (token < 0 || token >= vocabulary || !entry.getValue().isNumber()) {
        throw fields.wrong("logit_bias", "numbers by token, from 0 to " + (vocabulary - 1), bias);
      }
      entries.add(new SequenceBias.Entry(List.of(token), entry.getValue().doubleValue()));
    }
    return new SequenceBias(entries);
  }
}
