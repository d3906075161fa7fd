package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts of like length: how a measure falls as sentences grow (Bahdanau et al. 2015, figure 2).
 *
 * @param from the fewest words of a text
 * @param to the most words; {@link Integer#MAX_VALUE} in the last group
 * @param items which texts they are, for {@link CorpusMeasure#over}; none for a group that is empty
 */
public record LengthGroup(int from, int to, int[] items) {
  /**
   * Groups texts by their words, which are what white space parts.
   *
   * @param texts a text each; an empty one counts as one word
   * @param width how many lengths share a group, at least 1
   * @param groups how many groups, at least 2; the last takes all that are longer
   * @return in order of length
   * @throws IllegalArgumentException for fewer of either
   */
  public static List<LengthGroup> of(List<String> texts, int width, int groups) {
    if (width < 1 || groups < 2) {
      throw new IllegalArgumentException(
          "lengths: expected groups of a word or more, two or more of them, got "
              + groups
              + " of "
              + width);
    }
    int[] places =
        texts.stream().mapToInt(text -> Math.min((words(text) - 1) / width, groups - 1)).toArray();
    List<LengthGroup> all = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      int place = group;
      int[] items = IntStream.range(0, places.length).filter(i -> places[i] == place).toArray();
      int to = group == groups - 1 ? Integer.MAX_VALUE : (group + 1) * width;
      all.add(new LengthGroup(group * width + 1, to, items));
    }
    return List.copyOf(all);
  }

  private static int words(String text) {
    return text.strip().split("\\s+", -1).length;
  }

  /** For example {@code 4 to 6}. */
  public String name() {
    if (to == Integer.MAX_VALUE) {
      return from + " and more";
    }
    return from == to ? String.valueOf(from) : from + " to " + to;
  }
}
