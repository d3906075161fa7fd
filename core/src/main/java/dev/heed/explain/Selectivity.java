package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How far each head's attention is about two words, and not about their places.
 *
 * <p>Many heads attend by place (the word before) or to one word from everywhere. The selectivity
 * of query q for key k is what neither explains: {@code w[q,k] - max(mean of w[q',k], mean of
 * w[q',k-q+q'])} over the other queries q'. Across two sequences a distance says nothing, and only
 * the first mean counts.
 */
public final class Selectivity {
  private final AttentionMap map;

  /** {@code [layer][head][key]}: what all queries give a key together. */
  private final double[][][] toKey;

  /** {@code [layer][head][key - query + size - 1]}: what is given at a distance, within one. */
  private final double[][][] atDistance;

  /** Of each key whether it names something, and whether it says so much as a word with content. */
  private final boolean[] naming;

  private final boolean[] telling;

  /**
   * Sums up every head once, so that each pair is looked up.
   *
   * @param map whose heads are compared
   */
  public Selectivity(AttentionMap map) {
    this.map = map;
    toKey = new double[map.layers()][map.heads()][map.keys().size()];
    int distances = map.isSelf() ? 2 * map.size() - 1 : 0;
    atDistance = new double[map.layers()][map.heads()][distances];
    List<Unit> keys = map.keys();
    naming = new boolean[keys.size()];
    telling = new boolean[naming.length];
    for (int key = 0; key < naming.length; key++) {
      String text = keys.get(key).text();
      naming[key] = keys.get(key).hasMeaning();
      telling[key] = EnglishWords.isContent(text) || EnglishWords.isNegator(text);
    }
    for (int layer = 0; layer < map.layers(); layer++) {
      for (int head = 0; head < map.heads(); head++) {
        sum(map.weights()[layer][head], toKey[layer][head], atDistance[layer][head]);
      }
    }
  }

  private static void sum(float[][] rows, double[] toKey, double[] atDistance) {
    int size = rows.length;
    for (int query = 0; query < size; query++) {
      for (int key = 0; key < toKey.length; key++) {
        toKey[key] += rows[query][key];
        if (atDistance.length > 0) {
          atDistance[key - query + size - 1] += rows[query][key];
        }
      }
    }
  }

  /**
   * The selectivity of a query for a key.
   *
   * @param layer counted from 0
   * @param head counted from 0
   * @param query a unit that attends
   * @param key a unit that is attended to
   * @return at most 1; 0 or less where the key or the distance explains the weight
   */
  public double of(int layer, int head, int query, int key) {
    return of(
        map.weights()[layer][head][query],
        toKey[layer][head],
        atDistance[layer][head],
        map.queries().size(),
        query,
        key);
  }

  private static double of(
      float[] row, double[] toKey, double[] atDistance, int size, int query, int key) {
    float weight = row[key];
    double byKey = (toKey[key] - weight) / Math.max(1, size - 1);
    if (atDistance.length == 0) {
      return weight - byKey;
    }
    int sameDistance = size - Math.abs(key - query);
    double byPlace = (atDistance[key - query + size - 1] - weight) / Math.max(1, sameDistance - 1);
    return weight - Math.max(byKey, byPlace);
  }

  /** Of some keys, one or more, the one that a query is most selective for, the first of equals. */
  int strongest(int layer, int head, int query, int[] keys) {
    float[] row = map.weights()[layer][head][query];
    double[] all = toKey[layer][head];
    double[] distances = atDistance[layer][head];
    int size = map.queries().size();
    int best = keys[0];
    double most = Double.NEGATIVE_INFINITY;
    for (int key : keys) {
      double here = of(row, all, distances, size, query, key);
      if (here > most) {
        most = here;
        best = key;
      }
    }
    return best;
  }

  /** Whom a query can tell something about; see {@link Focus}. */
  int[] keys(int query) {
    int[] others =
        IntStream.range(0, naming.length)
            .filter(key -> naming[key] && !(map.isSelf() && key == query))
            .toArray();
    if (others.length == 0 && !map.isSelf()) {
      return IntStream.range(0, naming.length).toArray();
    }
    int[] words = preferred(others, key -> telling[key]);
    return map.isSelf() && EnglishWords.isPronoun(map.queries().get(query).text())
        ? preferred(words, key -> key < query)
        : words;
  }

  /** Those that fit, or all if none does. */
  static int[] preferred(int[] from, IntPredicate fits) {
    int[] fitting = IntStream.of(from).filter(fits).toArray();
    return fitting.length == 0 ? from : fitting;
  }
}
