package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;

/**
 * A word, a head, and whom the word attends to there.
 *
 * <p>Unless a head is given, it is the one that is most selective for the word, as {@link
 * Selectivity} measures: the best of all heads, which says less than one that was named before
 * looking. Special tokens, punctuation and the word itself are not counted as keys, and words that
 * mean little alone only if there are no others; for a pronoun only the words before it are, since
 * it stands for one of them (if there is none, the words after it). Across two sequences neither
 * itself nor before has a meaning, and special tokens count if there is nothing else.
 *
 * @param query the word
 * @param layer from 0
 * @param head from 0
 * @param key whom it attends to most selectively
 * @param selectivity at most 1
 * @param heads of how many heads it is the most selective; 1 if the head was given
 */
public record Focus(int query, int layer, int head, int key, double selectivity, int heads) {
  /** Below this, no head says more of the word than its place does. */
  private static final double TELLING = 0.1;

  /**
   * The head that is most selective for one query.
   *
   * @throws IllegalArgumentException for a query that there is not
   */
  public static Focus on(AttentionMap map, int query) {
    AttentionMap.require("query", query, map.queries().size());
    return on(map, new Selectivity(map), query);
  }

  /**
   * The head that is most selective for one query, where many are asked for.
   *
   * @param map whose heads are compared
   * @param selectivity of that map
   * @param query a unit that attends
   * @return the query in that head
   */
  public static Focus on(AttentionMap map, Selectivity selectivity, int query) {
    return best(map, selectivity, query, selectivity.keys(query));
  }

  /**
   * The head that is most selective for one query and one key.
   *
   * @throws IllegalArgumentException for a query or key that there is not
   */
  public static Focus between(AttentionMap map, int query, int key) {
    AttentionMap.require("query", query, map.queries().size());
    AttentionMap.require("key", key, map.keys().size());
    return between(map, new Selectivity(map), query, key);
  }

  static Focus between(AttentionMap map, Selectivity selectivity, int query, int key) {
    return best(map, selectivity, query, new int[] {key});
  }

  /** The head that is most selective for one query and a key that is a word before it. */
  static Focus backwards(AttentionMap map, Selectivity selectivity, int query) {
    return best(
        map,
        selectivity,
        query,
        Selectivity.preferred(selectivity.keys(query), key -> key < query));
  }

  /**
   * The key that one head selects for one query.
   *
   * @throws IllegalArgumentException for a query, layer or head that there is not
   */
  public static Focus in(AttentionMap map, int query, int layer, int head) {
    AttentionMap.require("query", query, map.queries().size());
    AttentionMap.require("layer", layer, map.layers());
    AttentionMap.require("head", head, map.heads());
    Selectivity selectivity = new Selectivity(map);
    return in(selectivity, query, layer, head, selectivity.keys(query));
  }

  private static Focus in(Selectivity selectivity, int query, int layer, int head, int[] keys) {
    if (keys.length == 0) {
      return new Focus(query, layer, head, query, Double.NEGATIVE_INFINITY, 1);
    }
    int key = selectivity.strongest(layer, head, query, keys);
    return new Focus(query, layer, head, key, selectivity.of(layer, head, query, key), 1);
  }

  /** The head that is most selective for one query and one of these keys. */
  static Focus best(AttentionMap map, Selectivity selectivity, int query, int[] keys) {
    Focus best = in(selectivity, query, 0, 0, keys);
    for (int layer = 0; layer < map.layers(); layer++) {
      for (int head = 0; head < map.heads(); head++) {
        Focus here = in(selectivity, query, layer, head, keys);
        best = here.selectivity > best.selectivity ? here : best;
      }
    }
    int heads = map.layers() * map.heads();
    return new Focus(query, best.layer, best.head, best.key, best.selectivity, heads);
  }

  /** Whether the head was given, not found. */
  public boolean isChosen() {
    return heads == 1;
  }

  /** Whether the head singles out the key by more than its place. */
  public boolean isTelling() {
    return selectivity >= TELLING;
  }

  /** Whether the word has no other to attend to but itself. */
  public boolean isAlone(AttentionMap map) {
    return map.isSelf() && key == query;
  }

  /** The word's unit. */
  public Unit unit(AttentionMap map) {
    return map.queries().get(query);
  }
}
