package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a GGUF file says about itself: values by name, in the file's order.
 *
 * @param where the file, for messages
 * @param values by names such as {@code general.architecture}
 */
public record GgufMetadata(String where, SequencedMap<String, GgufValue> values) {
  /** Returns a value, or empty if the file has none of that name. */
  public Optional<GgufValue> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * Returns a value.
   *
   * @throws CheckpointException {@code NOT_FOUND} if the file has none of that name
   */
  public GgufValue get(String name) {
    return find(name)
        .orElseThrow(() ->
            new CheckpointException(
                Kind.NOT_FOUND,
                where,
                "metadata " + Quoted.of(name),
                "none",
                "`heed inspect` lists what the file says; convert the model again."));
  }

  /** Returns the model's architecture, for example {@code llama}; empty if the file has none. */
  public String architecture() {
    return find("general.architecture").map(GgufValue::text).orElse("");
  }

  /** Returns everything as one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    values.forEach((name, value) -> json.set(name, value.toJson()));
    return json;
  }
}
