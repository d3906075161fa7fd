package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import org.jspecify.annotations.Nullable;

/**
 * One attention to compute.
 *
 * @param queries {@code [B, H, Tq, D]}
 * @param keys {@code [B, Hkv, Tk, D]}, {@code H} a multiple of {@code Hkv}
 * @param values {@code [B, Hkv, Tk, Dv]}
 * @param scale of {@code q·k}
 * @param mask which pairs count, or null for all
 * @param modifier of scores, or null
 * @param dropout of weights
 */
record Problem(
    Operand queries,
    Operand keys,
    Operand values,
    double scale,
    @Nullable AttentionMask mask,
    @Nullable ScoreModifier modifier,
    WeightDropout dropout) {
  private static final double LOG2_E = 1 / Math.log(2);

  int planes() {
    return queries.batches() * queries.heads();
  }

  int batch(int plane) {
    return plane / queries.heads();
  }

  int head(int plane) {
    return plane % queries.heads();
  }

  /** Query heads that share one head of keys and values. */
  int headsPerKey() {
    return queries.heads() / keys.heads();
  }

  /** Position of the first query beside the keys. */
  int firstPosition() {
    return keys.length() - queries.length();
  }

  /** What a tile's score is multiplied by to be a power of two. */
  float toPowers() {
    return (float) (modifier == null ? scale * LOG2_E : LOG2_E);
  }

  /** Scales queries by columns, if a modifier wants to see scores as they are. */
  void scaleForModifier(float[] queriesByColumn, int from, int to) {
    if (modifier != null) {
      RowScaling.scale(queriesByColumn, from, to, (float) scale);
    }
  }
}
