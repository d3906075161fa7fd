package dev.heed.text.subword;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("unit")
class SymbolsTest {
  /** The rule itself: merge the pair of lowest rank, the first of equals, until there is none. */
  private static List<Integer> naive(List<Integer> start, MergeTable table) {
    List<Integer> ids = new ArrayList<>(start);
    while (true) {
      int best = -1;
      long bestMerge = Long.MAX_VALUE;
      for (int i = 0; i + 1 < ids.size(); i++) {
        long merge = table.find(ids.get(i), ids.get(i + 1));
        if (merge >= 0 && merge >>> 32 < bestMerge >>> 32) {
          best = i;
          bestMerge = merge;
        }
      }
      if (best < 0) {
        return ids;
      }
      ids.set(best, (int) bestMerge);
      ids.remove(best + 1);
    }
  }

  @Test
  void merges_by_the_rule_whether_short_or_long() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      MergeTable table = new MergeTable(1);
      int kinds = 2 + random.nextInt(5);
      for (int i = 0; i < 40; i++) {
        table.put(
            random.nextInt(kinds + i), random.nextInt(kinds + i), random.nextInt(20), kinds + i);
      }
      List<Integer> start = new ArrayList<>();
      Symbols symbols = new Symbols(table);
      for (int i = 0; i < 1 + random.nextInt(150); i++) {
        start.add(random.nextInt(kinds));
        symbols.add(start.get(i), i, i + 1);
      }
      symbols.merge();
      List<Integer> merged = new ArrayList<>();
      int at = 0;
      for (int i = 0; i < symbols.size(); i++) {
        merged.add(symbols.id(i));
        assertThat(symbols.from(i)).isEqualTo(at);
        at = symbols.to(i);
      }
      assertThat(at).isEqualTo(start.size());
      assertThat(merged).as("seed %d", seed).isEqualTo(naive(start, table));
    }
  }

  @Test
  @Timeout(20)
  void a_million_symbols_do_not_take_long() {
    MergeTable table = new MergeTable(1);
    for (int i = 0; i < 15; i++) {
      table.put(i, i, i, i + 1);
    }
    Symbols symbols = new Symbols(table);
    for (int i = 0; i < 1 << 20; i++) {
      symbols.add(0, i, i + 1);
    }
    symbols.merge();
    assertThat(symbols.size()).isEqualTo(1 << 5);
  }
}
