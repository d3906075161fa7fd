package dev.heed.cli.mechanisms;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.sparse.BigBirdMask;
import dev.heed.attention.sparse.FixedMask;
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
          "bigbird",
          () -> new BigBirdMask(new BigBirdMask.Pattern(2, SIZE / 2, 1, 1, 1, 2, 1)),
          "longformer",
          () -> AttentionMask.window(2, 2).or((batch, head, query, key) -> query == 0 || key == 0),
          "sparse-transformer",
          () -> new FixedMask(1, 6, 1, 1),
          "full-attention",
          AttentionMask::full,
          "causal-attention",
          AttentionMask::causal,
          "sliding-window",
          () -> AttentionMask.slidingWindow(5).and(AttentionMask.causal()));

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
