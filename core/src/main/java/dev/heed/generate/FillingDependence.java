package dev.heed.generate;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Models whose numbers depend on how a batch is filled, as the reference computes them: attention
 * within chunks that are counted from the first column, and rotations that are chosen by the length
 * of the longest row; and those whose recurrent or hashed states cannot skip what fills a row, or
 * whose convolutions with a bias carry it into the first tokens. Side by side with others, a
 * sequence gets other tokens than alone. Networks that read a text anew for each word they write
 * keep nothing that could join others' either.
 */
final class FillingDependence {
  private static final Set<String> BY_LENGTH = Set.of("longrope", "su", "dynamic");

  /** Whose states take what fills a row for tokens, or refuse it. */
  private static final Set<String> STATES =
      Set.of("rwkv", "reformer", "recurrent_gemma", "transfo-xl");

  /** Which read a text anew for each word. */
  private static final Set<String> ANEW = Set.of("recurrent-translator");

  /** Of a causal convolution's bias. */
  private static final Set<String> BIASES = Set.of("use_conv_bias", "conv_bias");

  private FillingDependence() {}

  /** The key of a config that says so, or null. */
  static @Nullable String of(JsonNode config) {
    if (config.path("attention_chunk_size").isNumber()) {
      return "attention_chunk_size";
    }
    String type = config.path("model_type").asString("");
    if (STATES.contains(type) || ANEW.contains(type)) {
      return "model_type";
    }
    for (String key : BIASES) {
      if ((type.equals("mamba2") || type.equals("lfm2")) && config.path(key).asBoolean(false)) {
        return key;
      }
    }
    for (String key : new String[] {"rope_scaling", "rope_parameters"}) {
      for (String kind : new String[] {"rope_type", "type"}) {
        if (BY_LENGTH.contains(config.path(key).path(kind).asString(""))) {
          return key;
        }
      }
    }
    return null;
  }
}
