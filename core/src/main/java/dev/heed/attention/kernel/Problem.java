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

  static Problem of(Operand queries, Operand keys, Operand values, AttentionSpec spec) {
    return new Problem(
        queries,
        keys,
        values,
        spec.scaleFor(queries.width()),
        spec.mask(),
        spec.modifier(),
        new WeightDropout(spec.dropout(), spec.seed()));
  }

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
    return queries.heads() / Math.max(1, keys.heads());
  }

  /** Position of the first query beside the keys. */
  int firstPosition() {
    return keys.length() - queries.length();
  }

  /**
   * Whether the vector kernel computes it: f64 does not go through it, nor does a scale beyond the
   * floats.
   */
  boolean byVectors() {
    return byVectors(queries.format(), scale);
  }

  static boolean byVectors(ElementFormat format, double scale) {
    return format != ElementFormat.F64
        && PathChoice.live().path() == AttentionPath.VECTOR
        && Float.isFinite((float) (scale * LOG2_E));
  }

  /**
   * Whether a tile holds {@code q·k·scale} and not {@code q·k}: a modifier wants to see scores as
   * they are, and a scale that turns their order around, or is nothing, cannot wait until after
   * their maximum.
   */
  private boolean scalesFirst() {
    return modifier != null || !((float) (scale * LOG2_E) > 0);
  }

  /** What {@code q·k} is multiplied by to be a tile's score. */
  double toScores() {
    return scalesFirst() ? scale : 1;
  }

  /** What a tile's score is multiplied by to be a power of two. */
  double toPowers() {
    return scalesFirst() ? LOG2_E : scale * LOG2_E;
  }

  /** The weight of a score in a row of these {@link Normalisers}, in double. */
  double weight(double score, double greatest, double logSum) {
    return Math.exp(((score - greatest) * toPowers() - logSum) / LOG2_E);
  }

  /** Scales queries by columns, if a tile's scores are to be scaled. */
  void scaleFirst(float[] queriesByColumn, int from, int to) {
    if (scalesFirst()) {
      RowScaling.scale(queriesByColumn, from, to, (float) scale);
    }
  }
}
