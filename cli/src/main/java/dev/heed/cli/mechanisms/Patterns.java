package dev.heed.cli.mechanisms;

import dev.heed.attention.mask.AttentionMask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The mechanisms that are a mask, each as a small one to draw; their predicate is drawn itself. */
final class Patterns {
  private static final int SIZE = 24;

  private static final Map<String, Supplier<AttentionMask>> MASKS =
      Map.of(
          "full-attention", AttentionMask::full,
          "causal-attention", AttentionMask::causal,
          "sliding-window", () -> AttentionMask.slidingWindow(5).and(AttentionMask.causal()));

  private Patterns() {}

  static Optional<AttentionMask> of(String name) {
    return Optional.ofNullable(MASKS.get(name)).map(Supplier::get);
  }

  /** One row a query: a block where the query may see the key, a dot elsewhere. */
  static List<String> draw(AttentionMask mask) {
    List<String> rows = new ArrayList<>();
    for (int query = 0; query < SIZE; query++) {
      StringBuilder row = new StringBuilder();
      for (int key = 0; key < SIZE; key++) {
        row.append(mask.allows(0, 0, query, key) ? "██" : "· ");
      }
      rows.add(row.toString());
    }
    return rows;
  }
}
