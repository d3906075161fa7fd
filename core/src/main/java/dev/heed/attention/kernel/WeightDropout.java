package dev.heed.attention.kernel;

/**
 * Which weights dropout keeps: a pure function of the seed and the pair, so that the backward pass
 * finds the same ones without storing them.
 *
 * <p>The hash is Wellons' lowbias32 (Prospecting for Hash Functions, 2018), applied to the row's
 * hash plus the key.
 */
record WeightDropout(double rate, long seed) {
  static final WeightDropout NONE = new WeightDropout(0, 0);
  static final int UNIT_BITS = 24;

  boolean active() {
    return rate > 0;
  }

  /** What kept weights are multiplied by. */
  float factor() {
    return (float) (1 / (1 - rate));
  }

  /** Hash of one head of one sequence. */
  int plane(int batch, int head) {
    int low = mix((int) seed ^ mix((int) (seed >>> Integer.SIZE) + batch));
    return mix(low + head);
  }

  /** Hashes of {@link #UNIT_BITS} bits below this are dropped. */
  int threshold() {
    return (int) Math.round(rate * (1 << UNIT_BITS));
  }

  /** Whether the weight of row {@code query} and {@code key} stays. */
  boolean keeps(int plane, int query, int key) {
    return mix(row(plane, key) + query) >>> (Integer.SIZE - UNIT_BITS) >= threshold();
  }

  /** Hash of one key, to which the query is added. */
  static int row(int plane, int key) {
    return mix(plane ^ key);
  }

  private static int mix(int value) {
    int x = (value ^ (value >>> 16)) * 0x7feb352d;
    x = (x ^ (x >>> 15)) * 0x846ca68b;
    return x ^ (x >>> 16);
  }
}
