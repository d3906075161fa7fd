package dev.heed.generate;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Models whose numbers depend on how a batch is filled, as the reference computes them: attention
 * within chunks that are counted from the first column, and rotations that are chosen by the length
 * of the longest row. Side by side with others, a sequence gets other tokens than alone.
 */
final class FillingDependence {
  private static final Set<String> BY_LENGTH = Set.of("longrope", "su", "dynamic");

  private FillingDependence() {}

  /** The key of a config that says so, or null. */
  static @Nullable String of(JsonNode config) {
    if (config.path("attention_chunk_size").isNumber()) {
      return "attention_chunk_size";
    }
    for (String key : new String[] {"rope_scaling", "rope_parameters"}) {
      for (String type : new String[] {"rope_type", "type"}) {
        if (BY_LENGTH.contains(config.path(key).path(type).asString(""))) {
          return key;
        }
      }
    }
    return null;
  }
}
