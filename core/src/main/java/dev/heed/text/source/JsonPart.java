package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object that is read key by key; keys that nobody asked for are refused at the end, unless
 * they are null or false, since then they switch nothing on.
 */
public final class JsonPart {
  static final String REMEDY = "The file is damaged, hostile or of a newer format; get it again.";

  private final String where;
  private final JsonNode node;
  private final Set<String> asked = new HashSet<>();

  /**
   * A part.
   *
   * @param where the file and place, for messages
   * @throws CheckpointException {@code MALFORMED} if it is no object
   */
  public JsonPart(String where, JsonNode node) {
    if (!node.isObject()) {
      throw error(Kind.MALFORMED, where, "an object", node.getNodeType().toString());
    }
    this.where = where;
    this.node = node;
  }

  /** The file and place, for messages. */
  public String where() {
    return where;
  }

  /** Whether a key is there and not null. */
  public boolean has(String key) {
    return node.has(key) && !node.path(key).isNull();
  }

  /** A key's value, or a missing node. */
  public JsonNode node(String key) {
    asked.add(key);
    return node.path(key);
  }

  /** A key that is an object, or null where it is missing or null. */
  public @Nullable JsonPart part(String key) {
    JsonNode value = node(key);
    return value.isMissingNode() || value.isNull() ? null : new JsonPart(where + ", " + key, value);
  }

  /** A key that must be an object. */
  public JsonPart object(String key) {
    return new JsonPart(where + ", " + key, node(key));
  }

  /** The elements of a key that must be a list of objects; a missing or null list is empty. */
  public List<JsonPart> parts(String key) {
    List<JsonPart> parts = new ArrayList<>();
    for (JsonNode element : has(key) ? list(key) : node(key)) {
      parts.add(new JsonPart(where + ", " + key + "[" + parts.size() + "]", element));
    }
    return parts;
  }

  /** Calls with every key and its value, whatever they are. */
  public void forEach(BiConsumer<String, JsonNode> action) {
    node.properties()
        .forEach(e -> {
          asked.add(e.getKey());
          action.accept(e.getKey(), e.getValue());
        });
  }

  /** A key that must be a list. */
  public JsonNode list(String key) {
    JsonNode value = node(key);
    if (!value.isArray()) {
      throw wrong(Kind.MALFORMED, key, "a list", value);
    }
    return value;
  }

  /** A key that must be a string. */
  public String string(String key) {
    JsonNode value = node(key);
    if (!value.isString()) {
      throw wrong(Kind.MALFORMED, key, "a string", value);
    }
    return value.stringValue();
  }

  /** A key that is a string, or what holds where it is missing or null. */
  public String string(String key, String absent) {
    return has(key) ? string(key) : absent(key, absent);
  }

  /** A key that is a string, or null where it is missing or null. */
  public @Nullable String stringOrNull(String key) {
    asked.add(key);
    return has(key) ? string(key) : null;
  }

  /** A key that is true or false, or what holds where it is missing or null. */
  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent(key, absent);
    }
    JsonNode value = node(key);
    if (!value.isBoolean()) {
      throw wrong(Kind.VALUE, key, "true or false", value);
    }
    return value.booleanValue();
  }

  /** A number from zero up. */
  public int count(String key, int absent) {
    return has(key) ? id(where + ", " + key, node(key)) : absent(key, absent);
  }

  private <T> T absent(String key, T value) {
    asked.add(key);
    return value;
  }

  /** One of a few names, by what it stands for. */
  public <T> T choice(String key, Map<String, T> choices) {
    String value = string(key);
    T choice = choices.get(value);
    if (choice == null) {
      throw error(
          Kind.UNSUPPORTED,
          where + ", " + key,
          "one of " + String.join(", ", choices.keySet().stream().sorted().toList()),
          Quoted.of(value));
    }
    return choice;
  }

  /** Notes that a key is there and means nothing. */
  public void ignore(String... keys) {
    asked.addAll(List.of(keys));
  }

  /**
   * Ends the reading.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for a key that nobody asked for
   */
  public void done() {
    node.properties()
        .forEach(e -> {
          JsonNode value = e.getValue();
          boolean off = value.isNull() || (value.isBoolean() && !value.booleanValue());
          if (!off && !asked.contains(e.getKey())) {
            throw error(
                Kind.UNSUPPORTED,
                where,
                "options that Heed knows",
                Quoted.of(e.getKey()) + " = " + Quoted.of(value.toString()));
          }
        });
  }

  /** The refusal of a key's value. */
  public CheckpointException wrong(Kind kind, String key, String expected, JsonNode value) {
    String got =
        value.isMissingNode()
            ? "nothing"
            : value.isValueNode() ? Quoted.of(value.toString()) : value.getNodeType().toString();
    return error(kind, where + ", " + key, expected, got);
  }

  /** A number that may stand for a token. */
  public static int id(String where, JsonNode id) {
    if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
      String got = id.isValueNode() ? Quoted.of(id.toString()) : id.getNodeType().toString();
      throw error(Kind.VALUE, where, "a number from 0 to 2^31-1", got);
    }
    return id.intValue();
  }

  /** The refusal of a file. */
  public static CheckpointException error(Kind kind, String where, String expected, String got) {
    return new CheckpointException(kind, where, expected, got, REMEDY);
  }
}
