package dev.heed.server;

import dev.heed.generate.SamplingWish;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.SequenceBias;
import dev.heed.generate.search.SearchSettings;
import dev.heed.web.Problem;
import java.util.ArrayList;
import java.util.List;
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
    List<String> stops = fields.texts("stop");
    if (stops.size() > MOST_STOPS || stops.stream().anyMatch(String::isEmpty)) {
      throw Problem.ofParameter(
          "stop",
          "invalid_value",
          "stop: expected at most " + MOST_STOPS + " texts of a character or more");
    }
    Integer most = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    Integer newer = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    SamplingWish wish =
        new SamplingWish(
            newer != null ? newer : most,
            fields.real("temperature", 0, MOST_TEMPERATURE),
            fields.real("top_p", 0, 1),
            fields.integer("top_k", -1, Integer.MAX_VALUE),
            fields.real("min_p", 0, 1),
            fields.real("repetition_penalty", 0, Double.MAX_VALUE),
            fields.real("frequency_penalty", -2, 2),
            fields.real("presence_penalty", -2, 2),
            fields.number("seed", Long.MIN_VALUE, Long.MAX_VALUE),
            stops);
    try {
      SearchSettings settings = wish.settings(writer.config(), usual);
      JsonNode bias = fields.any("logit_bias");
      if (bias != null) {
        List<LogitsProcessor> own = new ArrayList<>(settings.own());
        own.add(bias(fields, bias, writer.tokenizer().vocabularySize()));
        settings = settings.withOwn(own);
      }
      return new WritingWish(settings, count);
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "invalid_value", String.valueOf(e.getMessage()));
    }
  }

  private static int orElse(@Nullable Integer given, int absent) {
    return given == null ? absent : given;
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
