package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Units that are shown as one, as the tokens of a word.
 *
 * @param unit how they are shown
 * @param members their numbers on their side of a map, at least one
 */
public record UnitGroup(Unit unit, List<Integer> members) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException for a group of none
   */
  public UnitGroup {
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members: expected a unit or more, got none");
    }
  }

  /** Each unit by itself. */
  public static List<UnitGroup> each(List<Unit> units) {
    return IntStream.range(0, units.size())
        .mapToObj(i -> new UnitGroup(units.get(i), List.of(i)))
        .toList();
  }

  /**
   * The words that tokens make up, as people write them; special tokens stay as they are.
   *
   * @param text what the tokens were cut from
   * @param tokens in order
   * @throws IllegalArgumentException for a text that is shorter than its tokens say
   */
  public static List<UnitGroup> words(String text, List<Unit> tokens) {
    return new Words(text, tokens).groups();
  }

  /** How groups are shown, in order. */
  public static List<Unit> units(List<UnitGroup> groups) {
    return groups.stream().map(UnitGroup::unit).toList();
  }

  /**
   * One head between groups: rows are averaged, columns summed.
   *
   * @param from {@code [query][key]}
   * @return {@code [row][column]}
   */
  public static float[][] merge(float[][] from, List<UnitGroup> rows, List<UnitGroup> columns) {
    float[][] to = new float[rows.size()][columns.size()];
    for (int query = 0; query < to.length; query++) {
      for (int key = 0; key < columns.size(); key++) {
        double sum = 0;
        for (int i : rows.get(query).members()) {
          for (int j : columns.get(key).members()) {
            sum += from[i][j];
          }
        }
        to[query][key] = (float) (sum / rows.get(query).members().size());
      }
    }
    return to;
  }

  /** The texts of units, with a number where one occurs again. */
  static List<String> labels(List<Unit> units) {
    Map<String, Integer> all = new HashMap<>();
    units.forEach(unit -> all.merge(unit.text().toLowerCase(Locale.ROOT), 1, Integer::sum));
    Map<String, Integer> seen = new HashMap<>();
    List<String> labels = new ArrayList<>();
    for (Unit unit : units) {
      String folded = unit.text().toLowerCase(Locale.ROOT);
      int number = seen.merge(folded, 1, Integer::sum);
      boolean again = all.getOrDefault(folded, 1) > 1;
      labels.add(again ? unit.text() + " (" + number + ")" : unit.text());
    }
    return labels;
  }
}
