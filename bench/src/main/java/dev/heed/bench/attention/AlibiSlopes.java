package dev.heed.bench.attention;

import dev.heed.attention.score.ScoreModifier;
import dev.heed.attention.score.ScoreTile;

/** {@code score - slope(head) · |query - key|} (Press et al., ALiBi, 2022, section 3). */
record AlibiSlopes(int heads) implements ScoreModifier {
  private static final float[] LANES = new float[ScoreTile.STRIDE];

  static {
    for (int lane = 0; lane < LANES.length; lane++) {
      LANES[lane] = lane;
    }
  }

  private double slope(int head) {
    return Math.pow(2, -8.0 * (head + 1) / heads);
  }

  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return score - slope(head) * Math.abs(query - key);
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    return 1;
  }

  @Override
  public void modify(ScoreTile tile) {
    float[] scores = tile.scores();
    float slope = (float) slope(tile.head());
    for (int row = tile.from(); row < tile.to(); row++) {
      int at = row * ScoreTile.STRIDE;
      float distance = tile.firstQuery() - tile.firstKey() - row;
      for (int lane = 0; lane < ScoreTile.STRIDE; lane++) {
        scores[at + lane] -= slope * Math.abs(distance + LANES[lane]);
      }
    }
  }

  @Override
  public void backward(ScoreTile tile, float[] gradient, double[][] into) {
    // The derivative is one and there is nothing learned: the gradients stay as they are.
  }
}
