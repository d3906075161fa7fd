package dev.heed.model.mamba;

import dev.heed.model.ModelConfig;
import tools.jackson.databind.JsonNode;

/** The size of the bottleneck that Mamba's step is computed from. */
public final class StepRank {
  /** Where the config leaves it to the model: a part of the embeddings' size. */
  private static final int PART = 16;

  private StepRank() {}

  /**
   * Reads it: a number, or {@code auto} for a sixteenth of the embeddings' size, rounded up.
   *
   * @param key its name
   * @param size of a token's vector
   * @throws dev.heed.checkpoint.CheckpointException for anything else
   */
  public static int of(ModelConfig keys, String key, int size) {
    keys.known(key);
    JsonNode given = keys.json().path(key);
    if (given.isMissingNode() || given.isNull() || given.asString("").equals("auto")) {
      return Math.ceilDiv(size, PART);
    }
    if (!given.isIntegralNumber() || !given.canConvertToInt()) {
      throw keys.unsupported(key, "a whole number or auto", given);
    }
    return given.intValue();
  }
}
