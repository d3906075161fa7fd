package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A word, the head that is most selective for it, and whom it attends to there.
 *
 * <p>Many heads attend by place (the word before) or to one word from everywhere. So the
 * selectivity of query q for key k is what neither explains: {@code w[q,k] - max(mean of w[q',k],
 * mean of w[q',k-q+q'])} over the other queries q'. Special tokens, punctuation and the word itself
 * are not counted as keys; for a pronoun only the words before it are, since it stands for one of
 * them (if there is none, the words after it).
 *
 * @param query the word
 * @param layer from 0
 * @param head from 0
 * @param key whom it attends to most selectively
 * @param selectivity at most 1
 */
public record Focus(int query, int layer, int head, int key, double selectivity) {
  private static final Set<String> PRONOUNS =
      Set.of(
          "it",
          "he",
          "she",
          "they",
          "him",
          "her",
          "them",
          "his",
          "hers",
          "its",
          "their",
          "theirs",
          "himself",
          "herself",
          "itself",
          "themselves",
          "i",
          "me",
          "my",
          "you",
          "your",
          "we",
          "us",
          "our");

  /** The head that is most selective for one query. */
  public static Focus on(AttentionMap map, int query) {
    Focus best = new Focus(query, 0, 0, query, Double.NEGATIVE_INFINITY);
    for (int layer = 0; layer < map.layers(); layer++) {
      for (int head = 0; head < map.heads(); head++) {
        Focus here = in(map, query, layer, head);
        if (here.selectivity > best.selectivity) {
          best = here;
        }
      }
    }
    return best;
  }

  /** The key that one head selects for one query. */
  public static Focus in(AttentionMap map, int query, int layer, int head) {
    float[][] rows = map.weights()[layer][head];
    int chosen = query;
    double best = Double.NEGATIVE_INFINITY;
    boolean backwards = isPronoun(map.units().get(query)) && hasMeaningBefore(map, query);
    for (int key = 0; key < (backwards ? query : rows.length); key++) {
      if (key != query && map.units().get(key).hasMeaning()) {
        double selectivity = selectivity(rows, query, key);
        if (selectivity > best) {
          best = selectivity;
          chosen = key;
        }
      }
    }
    return new Focus(query, layer, head, chosen, best);
  }

  private static boolean isPronoun(Unit unit) {
    return PRONOUNS.contains(unit.text().toLowerCase(Locale.ROOT));
  }

  private static boolean hasMeaningBefore(AttentionMap map, int query) {
    return map.units().subList(0, query).stream().anyMatch(Unit::hasMeaning);
  }

  /** What neither the key alone nor the distance explains of one weight. */
  static double selectivity(float[][] rows, int query, int key) {
    double toKey = 0;
    double atDistance = 0;
    int distances = 0;
    for (int other = 0; other < rows.length; other++) {
      if (other == query) {
        continue;
      }
      toKey += rows[other][key];
      int same = key - query + other;
      if (same >= 0 && same < rows.length) {
        atDistance += rows[other][same];
        distances++;
      }
    }
    double byKey = toKey / Math.max(1, rows.length - 1);
    double byPlace = atDistance / Math.max(1, distances);
    return rows[query][key] - Math.max(byKey, byPlace);
  }

  /** The first pronoun, else the word with the most selective attention. */
  public static Focus choose(AttentionMap map) {
    return IntStream.range(0, map.size())
        .filter(i -> isPronoun(map.units().get(i)))
        .mapToObj(i -> on(map, i))
        .findFirst()
        .orElseGet(() -> mostSelective(map));
  }

  private static Focus mostSelective(AttentionMap map) {
    return IntStream.range(0, map.size())
        .filter(i -> map.units().get(i).hasMeaning())
        .mapToObj(i -> on(map, i))
        .max(java.util.Comparator.comparingDouble(Focus::selectivity))
        .orElseGet(() -> on(map, 0));
  }

  /** The first word of this spelling, in any case. */
  public static Optional<Focus> find(AttentionMap map, String word) {
    return IntStream.range(0, map.size())
        .filter(i -> map.units().get(i).text().equalsIgnoreCase(word.strip()))
        .mapToObj(i -> on(map, i))
        .findFirst();
  }

  /** The word's unit. */
  public Unit unit(AttentionMap map) {
    return map.units().get(query);
  }
}
