package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the {@code config.json} that a GGUF file's metadata stand for, and sees to it that none of
 * the architecture's own keys is left over.
 */
final class GgufConfig {
  private final GgufContents file;
  private final String prefix;
  private final Set<String> read = new LinkedHashSet<>();
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  GgufConfig(GgufContents file, String modelType) {
    this.file = file;
    this.prefix = file.values().architecture() + ".";
    json.putArray("architectures");
    json.put("model_type", modelType);
  }

  /** Writes the name of Hugging Face's class. */
  void named(String architecture) {
    json.putArray("architectures").add(architecture);
  }

  /** The config as far as it is written. */
  ObjectNode json() {
    return json;
  }

  GgufContents file() {
    return file;
  }

  Optional<GgufValue> find(String key) {
    read.add(prefix + key);
    return file.values().find(prefix + key);
  }

  GgufValue get(String key) {
    read.add(prefix + key);
    return file.values().get(prefix + key);
  }

  /** A whole number that must be there; a list of equal numbers, one for each layer, is one. */
  int integer(String key) {
    return single(key, get(key));
  }

  int integer(String key, int absent) {
    return find(key).map(value -> single(key, value)).orElse(absent);
  }

  private int single(String key, GgufValue value) {
    if (!value.isArray()) {
      return inRange(key, value.integer());
    }
    long[] values = value.integers();
    for (long each : values) {
      if (each != values[0]) {
        throw refused(key, "the same value in every layer", "several");
      }
    }
    if (values.length == 0) {
      throw refused(key, "a value", "an empty list");
    }
    return inRange(key, values[0]);
  }

  private int inRange(String key, long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw refused(key, "a number from 0 to 2^31-1", value + "");
    }
    return (int) value;
  }

  /** A single-precision number in its shortest decimal form, as the original config had it. */
  Optional<Double> number(String key) {
    return find(key)
        .map(value ->
            value.type() == GgufValueType.F32 ? shortest((float) value.number()) : value.number());
  }

  static double shortest(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  /** Writes a whole number that must be there. */
  void copyInteger(String key, String theirs) {
    json.put(theirs, integer(key));
  }

  /** Writes a number that must be there. */
  void copyNumber(String key, String theirs) {
    get(key);
    json.put(theirs, number(key).orElseThrow());
  }

  /** Refuses any value but one. */
  void require(String key, Object value) {
    find(key)
        .ifPresent(got -> {
          String text = got.type() == GgufValueType.STRING ? got.text() : got.toString();
          if (!text.equals(value.toString())) {
            throw refused(key, value.toString(), Quoted.of(text));
          }
        });
  }

  /** Names keys that cannot change numbers. */
  void ignore(String... keys) {
    List.of(keys).forEach(this::find);
  }

  /** The number of rows of the token embeddings, which the metadata must not contradict. */
  void vocabulary() {
    long rows = file.shape("token_embd.weight").size(0);
    int stated = integer("vocab_size", (int) rows);
    if (stated != rows) {
      throw refused("vocab_size", rows + ", the rows of token_embd.weight", stated + "");
    }
    json.put("vocab_size", stated);
    token("bos_token_id", "bos");
    ends();
    token("pad_token_id", "padding");
  }

  private void ends() {
    List<Long> ends = GgufEndTokens.of(file.values());
    if (ends.size() == 1) {
      json.put("eos_token_id", ends.getFirst());
    } else if (!ends.isEmpty()) {
      ArrayNode list = json.putArray("eos_token_id");
      ends.forEach(list::add);
    }
  }

  private void token(String theirs, String ours) {
    file.values()
        .find("tokenizer.ggml." + ours + "_token_id")
        .ifPresent(id -> json.put(theirs, id.integer()));
  }

  /**
   * The finished config.
   *
   * @throws CheckpointException {@code UNSUPPORTED} naming the architecture's keys that nothing
   *     read
   */
  ObjectNode finish() {
    Set<String> left = new TreeSet<>();
    for (String key : file.values().values().keySet()) {
      if (key.startsWith(prefix) && !read.contains(key)) {
        left.add(key);
      }
    }
    if (!left.isEmpty()) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          file.describe(),
          "metadata that Heed knows for this architecture",
          Quoted.list(left),
          "They may change what the model computes, so they are not left out in silence.");
    }
    return json;
  }

  CheckpointException refused(String key, String expected, String got) {
    return new CheckpointException(
        Kind.UNSUPPORTED,
        file.describe() + ", metadata " + Quoted.of(prefix + key),
        expected,
        got,
        "Heed has no model for this; convert the original checkpoint to safetensors instead.");
  }
}
