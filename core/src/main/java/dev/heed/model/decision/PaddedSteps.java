package dev.heed.model.decision;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.Tensor;

/**
 * Looking back only, over the steps that are there; a token with nothing to look back at, at the
 * beginning of an episode that is filled up from the left, reads all tokens alike.
 *
 * <p>That is what the reference's masks come to, and every step counts in its predictions: such a
 * token's scores stand for nothing, though gradients pass them.
 */
final class PaddedSteps implements AttentionMask {
  private final AttentionMask seen;
  private final int[] first;

  /**
   * From the steps.
   *
   * @param there truth values {@code [B, T]}
   */
  PaddedSteps(Tensor there) {
    seen = AttentionMask.causal().and(AttentionMask.padding(there));
    boolean[] present = there.toBooleanArray();
    int time = Math.toIntExact(there.size(1));
    first = new int[Math.toIntExact(there.size(0))];
    for (int row = 0; row < first.length; row++) {
      while (first[row] < time && !present[row * time + first[row]]) {
        first[row]++;
      }
    }
  }

  private boolean isBlind(int batch, int query) {
    return query < first[batch];
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return isBlind(batch, query) || seen.allows(batch, head, query, key);
  }

  @Override
  public boolean dependsOnHead() {
    return false;
  }

  /** The change of scores that makes all alike to a token that sees nothing. */
  ScoreModifier alike() {
    return new Alike(this);
  }

  private record Alike(PaddedSteps padded) implements ScoreModifier {
    @Override
    public double modify(int batch, int head, int query, int key, double score) {
      return padded.isBlind(batch, query) ? 0 : score;
    }

    @Override
    public double derivative(int batch, int head, int query, int key, double score) {
      return 1;
    }
  }
}
