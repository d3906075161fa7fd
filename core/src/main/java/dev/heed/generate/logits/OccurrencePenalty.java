package dev.heed.generate.logits;

import java.util.HashMap;
import java.util.Map;

/**
 * Makes what the text has already less likely: {@code s − n · frequency − [n > 0] · presence}, with
 * n how often a token was generated (OpenAI's API reference, "frequency and presence penalties").
 *
 * @param frequency for each time
 * @param presence once
 */
public record OccurrencePenalty(double frequency, double presence) implements LogitsProcessor {
  @Override
  public void process(Prefix prefix, double[] scores) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int token : prefix.tokens().from(prefix.prompt())) {
      counts.merge(token, 1, Integer::sum);
    }
    counts.forEach((token, count) -> scores[token] -= count * frequency + presence);
  }
}
