package dev.heed.generate.config;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Brings the several ways in which configs write the same value into one. */
final class ConfigShapes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What the reference takes where a watermark's config does not say. */
  private static final Map<String, JsonNode> WATERMARK =
      Map.of(
          "greenlist_ratio", JSON.numberNode(0.25),
          "bias", JSON.numberNode(2.0),
          "hashing_key", JSON.numberNode(15_485_863),
          "seeding_scheme", JSON.stringNode("lefthash"),
          "context_width", JSON.numberNode(1));

  private ConfigShapes() {}

  /** An object with the keys that it lacks. */
  private static JsonNode whole(JsonNode value, Map<String, JsonNode> usual) {
    if (!value.isObject()) {
      return value;
    }
    ObjectNode object = (ObjectNode) value.deepCopy();
    usual.forEach(object::putIfAbsent);
    return object;
  }

  /** A value in the shape that its record's component has. */
  static JsonNode uniform(String key, JsonNode value) {
    return switch (key) {
      case "eos_token_id", "forced_eos_token_id" ->
          value.isIntegralNumber() ? JSON.arrayNode().add(value) : value;
      case "stop_strings" -> value.isString() ? JSON.arrayNode().add(value) : value;
      case "early_stopping" -> value.isBoolean() ? JSON.stringNode(value.asString()) : value;
      case "sequence_bias" -> objects(value, "tokens", "bias");
      case "exponential_decay_length_penalty" -> object(value, "start", "factor");
      case "cache_config" -> whole(value, Map.of("q_group_size", JSON.numberNode(0)));
      case "watermarking_config" -> whole(value, WATERMARK);
      case "force_words_ids" -> alternatives(value);
      default -> value;
    };
  }

  private static JsonNode objects(JsonNode pairs, String first, String second) {
    if (!pairs.isArray()) {
      return pairs;
    }
    ArrayNode objects = JSON.arrayNode();
    pairs.forEach(pair -> objects.add(object(pair, first, second)));
    return objects;
  }

  /** {@code [a, b]} as an object; anything else as it is, for the reader to refuse. */
  private static JsonNode object(JsonNode pair, String first, String second) {
    if (!pair.isArray() || pair.size() != 2) {
      return pair;
    }
    ObjectNode object = JSON.objectNode();
    object.set(first, pair.get(0));
    object.set(second, pair.get(1));
    return object;
  }

  /** A sequence that must occur is one of a single alternative. */
  private static JsonNode alternatives(JsonNode words) {
    if (!words.isArray()) {
      return words;
    }
    ArrayNode all = JSON.arrayNode();
    for (JsonNode word : words) {
      boolean single = word.isArray() && word.size() > 0 && word.get(0).isIntegralNumber();
      all.add(single ? JSON.arrayNode().add(word) : word);
    }
    return all;
  }
}
