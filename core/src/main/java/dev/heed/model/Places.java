package dev.heed.model;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Bounds of where tokens may stand. */
public final class Places {
  /** In the order in which they count. */
  private static final List<String> KEYS =
      List.of(
          "max_encoder_position_embeddings",
          "max_position_embeddings",
          "n_positions",
          "n_ctx",
          "max_seq_len");

  private static final List<String> WRITTEN_KEYS =
      List.of("max_decoder_position_embeddings", "max_target_positions", "max_position_embeddings");

  /** Old files of models that know distances alone name a length too. */
  private static final String DISTANCES = "relative_attention_num_buckets";

  private Places() {}

  /**
   * How many tokens a text may have by a config.
   *
   * @return {@link Integer#MAX_VALUE} where it sets no bound
   * @throws dev.heed.checkpoint.CheckpointException for a family that Heed does not know
   */
  public static int longest(ModelConfig config) {
    return longest(config, KEYS);
  }

  /**
   * How many tokens the decoder of an encoder-decoder may write by a config, its start token
   * included.
   *
   * @return {@link Integer#MAX_VALUE} where it sets no bound
   */
  public static int longestWritten(ModelConfig config) {
    return longest(config, WRITTEN_KEYS);
  }

  private static int longest(ModelConfig config, List<String> keys) {
    JsonNode json = config.json();
    for (String key : keys) {
      JsonNode value = json.path(key);
      if (value.isIntegralNumber() && !(json.has(DISTANCES) && key.startsWith("n_"))) {
        int first = ModelFamilies.of(config).family().firstPosition(config);
        return (int) Math.clamp(value.asLong() - first, 1, Integer.MAX_VALUE);
      }
    }
    return Integer.MAX_VALUE;
  }

  /**
   * Positions, for a table of so many.
   *
   * @param positions i64 of any shape
   * @param longest how many positions there are
   * @return {@code positions}
   * @throws ShapeException for a position beyond them
   */
  public static Tensor within(Tensor positions, long longest) {
    if (positions.elements() > 0 && positions.max().itemLong() >= longest) {
      throw new ShapeException(
          "text: expected at most "
              + longest
              + " tokens, got a position of "
              + positions.max().itemLong()
              + "; cut it first");
    }
    return positions;
  }
}
