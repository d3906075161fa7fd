package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/** Metadata of a GGUF file in the making, taken from a {@code config.json} key by key. */
final class MetadataDraft {
  private final String where;
  private final JsonNode config;
  private final String prefix;
  private final SequencedMap<String, GgufValue> values = new LinkedHashMap<>();

  /** Empty tensors' factors of rotary frequencies, by name, as they are found. */
  private final SequencedMap<String, float[]> factors = new LinkedHashMap<>();

  MetadataDraft(String where, JsonNode config, String architecture) {
    this.where = where;
    this.config = config;
    this.prefix = architecture + ".";
    values.put("general.architecture", GgufValue.of(architecture));
  }

  SequencedMap<String, GgufValue> values() {
    return values;
  }

  /** Tensors of rotary frequencies' divisors, by their names. */
  SequencedMap<String, float[]> factors() {
    return factors;
  }

  void put(String ours, GgufValue value) {
    values.put(prefix + ours, value);
  }

  void copyInteger(String theirs, String ours) {
    put(ours, GgufValue.of(integer(theirs)));
  }

  void copyInteger(String theirs, String ours, int absent) {
    put(ours, GgufValue.of(has(theirs) ? integer(theirs) : absent));
  }

  void copyNumber(String theirs, String ours) {
    put(ours, GgufValue.of((float) number(theirs)));
  }

  void copyIfThere(String theirs, String ours) {
    if (has(theirs)) {
      JsonNode value = config.get(theirs);
      put(ours, value.isIntegralNumber() ? GgufValue.of(integer(theirs)) : single(theirs));
    }
  }

  private GgufValue single(String theirs) {
    return GgufValue.of((float) number(theirs));
  }

  /** A special token's number; of several, the first. */
  void copyToken(String theirs, String ours) {
    JsonNode value = config.path(theirs);
    JsonNode first = value.isArray() ? value.path(0) : value;
    if (first.isIntegralNumber()) {
      values.put("tokenizer.ggml." + ours + "_token_id", GgufValue.of(first.intValue()));
    }
  }

  boolean has(String theirs) {
    return config.hasNonNull(theirs);
  }

  int integer(String theirs) {
    JsonNode value = config.path(theirs);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw error(theirs, "a number from 0 to 2^31-1", value.toString());
    }
    return value.intValue();
  }

  double number(String theirs) {
    return number(config, theirs);
  }

  double number(JsonNode parent, String theirs) {
    JsonNode value = parent.path(theirs);
    if (!value.isNumber()) {
      throw error(theirs, "a number", value.toString());
    }
    return value.doubleValue();
  }

  /** The scaling of rotary positions, in its older or its newer spelling. */
  JsonNode ropeScaling() {
    if (has("rope_scaling")) {
      return config.get("rope_scaling");
    }
    JsonNode parameters = config.path("rope_parameters");
    return parameters.has("full_attention") ? parameters.get("full_attention") : parameters;
  }

  /** The base of rotary positions, in either spelling. */
  double ropeBase(double absent) {
    JsonNode parameters = ropeScaling();
    if (has("rope_theta")) {
      return number("rope_theta");
    }
    return parameters.has("rope_theta") ? number(parameters, "rope_theta") : absent;
  }

  CheckpointException error(String theirs, String expected, String got) {
    return new CheckpointException(
        Kind.UNSUPPORTED,
        where + ", " + Quoted.of(theirs),
        expected,
        got.isEmpty() ? "none" : Quoted.of(got),
        "GGUF cannot say this of the architecture; keep the model as safetensors.");
  }
}
