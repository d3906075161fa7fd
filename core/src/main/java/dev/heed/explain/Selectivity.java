package dev.heed.explain;

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
    int size = map.queries().size();
    float weight = map.weights()[layer][head][query][key];
    double byKey = (toKey[layer][head][key] - weight) / Math.max(1, size - 1);
    if (!map.isSelf()) {
      return weight - byKey;
    }
    int sameDistance = size - Math.abs(key - query);
    double byPlace =
        (atDistance[layer][head][key - query + size - 1] - weight) / Math.max(1, sameDistance - 1);
    return weight - Math.max(byKey, byPlace);
  }
}
