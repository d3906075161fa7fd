package dev.heed.generate.logits;

import java.util.List;
import java.util.Map;

/**
 * Forces the token at given places, such as Whisper's language and task.
 *
 * @param tokens by the length of the sequence before them, the prompt included
 */
public record ForceTokens(Map<Integer, Integer> tokens) implements LogitsProcessor {
  /** Copies the map. */
  public ForceTokens {
    tokens = Map.copyOf(tokens);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    Integer token = tokens.get(prefix.length());
    if (token != null) {
      ForcedBos.force(scores, "forced_decoder_ids", List.of(token));
    }
  }
}
