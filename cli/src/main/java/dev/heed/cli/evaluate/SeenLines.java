package dev.heed.cli.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which line stood after which most often; of equally common ones the first in the order of
 * characters.
 *
 * @param next the commonest line after each
 * @param commonest of all
 */
record SeenLines(Map<String, String> next, String commonest) {
  /**
   * Counts lines that hold something.
   *
   * @param end a line between programs, which is none of them
   */
  static SeenLines of(List<String> lines, String end) {
    Map<String, Integer> all = new HashMap<>();
    Map<String, Map<String, Integer>> after = new HashMap<>();
    String before = end;
    for (String given : lines) {
      String line = given.stripTrailing();
      if (!line.isEmpty() && !line.equals(end)) {
        all.merge(line, 1, Integer::sum);
        if (!before.equals(end)) {
          after.computeIfAbsent(before, key -> new HashMap<>()).merge(line, 1, Integer::sum);
        }
      }
      before = line;
    }
    Map<String, String> next = new HashMap<>();
    after.forEach((line, counts) -> next.put(line, most(counts)));
    return new SeenLines(next, most(all));
  }

  private static String most(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.<String, Integer>comparingByKey().reversed()))
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /** What stood after a line most often; the commonest of all where it never was there. */
  String after(String line) {
    return next.getOrDefault(line.stripTrailing(), commonest);
  }
}
