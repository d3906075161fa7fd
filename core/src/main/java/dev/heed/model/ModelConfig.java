package dev.heed.model;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.Quoted;
import dev.heed.nn.ClosestNames;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's config, which keeps account of its keys: each is read by the family, or known not to
 * matter, or refused.
 */
public final class ModelConfig {
  private final String where;
  private final JsonNode json;
  private final Set<String> read;

  /**
   * A config.
   *
   * @param where a name for messages
   * @param json an object
   */
  public ModelConfig(String where, JsonNode json) {
    this(where, json, new TreeSet<>());
  }

  private ModelConfig(String where, JsonNode json, Set<String> read) {
    this.where = where;
    this.json = json;
    this.read = read;
  }

  /** A name for messages. */
  public String where() {
    return where;
  }

  /** The JSON as it stands in the file. */
  public JsonNode json() {
    return json;
  }

  /**
   * Reads the keys that a record's components name.
   *
   * <p>A component {@code numHiddenLayers} is the key {@code num_hidden_layers}; an absent key
   * takes the component's {@link Default}, without one it is null where that may be, else missing.
   * {@link Only} names the values that can be computed.
   *
   * @throws CheckpointException {@code VALUE} or {@code UNSUPPORTED}, naming the key
   */
  public <R extends Record> R read(Class<R> type) {
    ObjectNode whole = JsonMapper.shared().createObjectNode();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = ConfigReader.key(component.getName());
      read.add(key);
      JsonNode value = json.get(key);
      if (value == null || (value.isNull() && component.getType().isPrimitive())) {
        value = fallback(component);
      }
      only(key, component, value);
      if (value != null) {
        whole.set(key, value);
      } else if (!component.getType().isPrimitive()) {
        whole.putNull(key);
      }
    }
    return ConfigReader.require(where, whole, type);
  }

  private static @Nullable JsonNode fallback(RecordComponent component) {
    Default given = component.getAnnotation(Default.class);
    if (given == null) {
      return null;
    }
    boolean text = component.getType() == String.class || component.getType().isEnum();
    return text
        ? JsonMapper.shared().getNodeFactory().stringNode(given.value())
        : JsonMapper.shared().readTree(given.value());
  }

  private void only(String key, RecordComponent component, @Nullable JsonNode value) {
    Only only = component.getAnnotation(Only.class);
    if (only != null && value != null && !List.of(only.value()).contains(text(value))) {
      throw unsupported(key, String.join(" or ", only.value()), value);
    }
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }

  /**
   * The same with other values of absent keys than the record's {@link Default}s: for families that
   * share a record but not its defaults.
   *
   * @param values JSON by key
   */
  public ModelConfig defaults(Map<String, String> values) {
    ObjectNode whole = JsonMapper.shared().createObjectNode();
    values.forEach((key, value) -> whole.set(key, JsonMapper.shared().readTree(value)));
    json.properties().forEach(entry -> whole.set(entry.getKey(), entry.getValue()));
    return new ModelConfig(where, whole, read);
  }

  /**
   * The same for files that call a key otherwise.
   *
   * @param other its name there
   * @param key its usual name, which counts where a file has both
   */
  public ModelConfig aliased(String other, String key) {
    read.add(other);
    JsonNode value = json.get(other);
    if (value == null || value.isNull()) {
      return this;
    }
    ObjectNode whole = JsonMapper.shared().createObjectNode();
    whole.set(key, value);
    json.properties().forEach(entry -> whole.set(entry.getKey(), entry.getValue()));
    return new ModelConfig(where, whole, read);
  }

  /** A part of the config under a key, such as CLIP's {@code text_config}, accounted for apart. */
  public ModelConfig part(String key) {
    read.add(key);
    JsonNode part = json.get(key);
    return new ModelConfig(
        where + ", " + key,
        part == null || part.isNull() ? JsonMapper.shared().createObjectNode() : part);
  }

  /** A truth value. */
  public boolean flag(String key, boolean otherwise) {
    read.add(key);
    JsonNode value = json.get(key);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw unsupported(key, "true or false", value);
    }
    return value.booleanValue();
  }

  /** A whole number, under a key that no component of a record can have for a name. */
  public int integer(String key, int otherwise) {
    read.add(key);
    JsonNode value = json.get(key);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw unsupported(key, "a whole number", value);
    }
    return value.intValue();
  }

  /** Says that keys were read in another way, or cannot matter for this model. */
  public void known(String... keys) {
    read.addAll(List.of(keys));
  }

  /** Names of the classes by number from {@code id2label}; two unnamed ones if there are none. */
  public List<String> labels() {
    read.add("id2label");
    JsonNode names = json.get("id2label");
    if (names == null || names.isNull()) {
      int count = json.has("num_labels") ? json.get("num_labels").asInt() : 2;
      return java.util.stream.IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonNode name = names.get(String.valueOf(i));
      if (name == null || !name.isString()) {
        throw new CheckpointException(
            Kind.VALUE,
            where + ", id2label",
            "a name for each of the keys 0 to " + (names.size() - 1),
            Quoted.of(names.toString()),
            "Correct this value in the file.");
      }
      labels.add(name.stringValue());
    }
    return labels;
  }

  /**
   * Refuses keys that nothing read.
   *
   * @param ignored keys that cannot matter in this family
   * @throws CheckpointException {@code UNSUPPORTED}, naming every such key and its value
   */
  public void requireAllKnown(Set<String> ignored) {
    List<String> left = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      String key = entry.getKey();
      String neutral = ConfigKeys.NEUTRAL.get(key);
      boolean known =
          read.contains(key)
              || ignored.contains(key)
              || ConfigKeys.BOOKKEEPING.contains(key)
              || (neutral != null && neutral.equals(entry.getValue().toString()))
              || (neutral != null && entry.getValue().isNull());
      if (!known) {
        left.add(Quoted.of(key) + ": " + Quoted.of(entry.getValue().toString()) + closest(key));
      }
    }
    if (!left.isEmpty()) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "keys that this family honours",
          left.toString(),
          "Remove the keys if they cannot change what the model computes.");
    }
  }

  private String closest(String key) {
    List<String> close = ClosestNames.to(key, read);
    return close.isEmpty() ? "" : " (closest: " + close.getFirst() + ")";
  }

  /** The error for a value that Heed cannot compute. */
  public CheckpointException unsupported(String key, String expected, @Nullable JsonNode got) {
    return new CheckpointException(
        Kind.UNSUPPORTED,
        where + ", " + key,
        expected,
        Quoted.of(String.valueOf(got)),
        "Heed does not compute this.");
  }
}
