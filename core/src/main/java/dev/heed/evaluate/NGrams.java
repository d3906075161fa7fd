package dev.heed.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each sequence of n tokens, or of n characters, occurs. */
final class NGrams {
  private NGrams() {}

  /** Counts of the n-grams of these tokens. */
  static Map<List<String>, Integer> ofTokens(List<String> tokens, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int start = 0; start + n <= tokens.size(); start++) {
      counts.merge(tokens.subList(start, start + n), 1, Integer::sum);
    }
    return counts;
  }

  /** Counts of the n-grams of these Unicode code points. */
  static Map<String, Integer> ofCharacters(int[] codePoints, int n) {
    Map<String, Integer> counts = new HashMap<>();
    for (int start = 0; start + n <= codePoints.length; start++) {
      counts.merge(new String(codePoints, start, n), 1, Integer::sum);
    }
    return counts;
  }

  /** How many there are, counted with their repetitions. */
  static int total(Map<?, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many both have: each at most as often as the one that has it less often. */
  static <T> int matches(Map<T, Integer> first, Map<T, Integer> second) {
    int matches = 0;
    for (Map.Entry<T, Integer> gram : first.entrySet()) {
      matches += Math.min(gram.getValue(), second.getOrDefault(gram.getKey(), 0));
    }
    return matches;
  }
}
