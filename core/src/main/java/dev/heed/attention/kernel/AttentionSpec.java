package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import org.jspecify.annotations.Nullable;

/**
 * What is attended to and how scores are made: {@code softmax(modify(q·kᵀ·scale) over mask)}.
 *
 * @param scale of {@code q·k}; NaN stands for {@code 1 / √D}
 * @param mask which pairs count, or null for all
 * @param modifier how scores are changed, or null for not at all
 * @param dropout share of weights set to zero after the softmax, in {@code [0, 1)}; the others are
 *     divided by {@code 1 - dropout}
 * @param seed which weights dropout takes: the same seed takes the same ones
 */
public record AttentionSpec(
    double scale,
    @Nullable AttentionMask mask,
    @Nullable ScoreModifier modifier,
    double dropout,
    long seed) {
  private static final AttentionSpec PLAIN = new AttentionSpec(Double.NaN, null, null, 0, 0);

  /**
   * @throws IllegalArgumentException if dropout is not in {@code [0, 1)} or the scale is infinite
   */
  public AttentionSpec {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "dropout: expected a share in [0, 1), got " + dropout + "; 0 turns it off");
    }
    if (Double.isInfinite(scale)) {
      throw new IllegalArgumentException(
          "scale: expected a finite number, got " + scale + "; NaN stands for 1/√D");
    }
  }

  /** All pairs, scaled by {@code 1 / √D}, nothing dropped. */
  public static AttentionSpec plain() {
    return PLAIN;
  }

  /** The same with another scale of {@code q·k}. */
  public AttentionSpec withScale(double newScale) {
    return new AttentionSpec(newScale, mask, modifier, dropout, seed);
  }

  /** The same under a mask; null for none. */
  public AttentionSpec withMask(@Nullable AttentionMask newMask) {
    return new AttentionSpec(scale, newMask, modifier, dropout, seed);
  }

  /** The same with changed scores; null for unchanged ones. */
  public AttentionSpec withModifier(@Nullable ScoreModifier newModifier) {
    return new AttentionSpec(scale, mask, newModifier, dropout, seed);
  }

  /** The same with dropout of weights. */
  public AttentionSpec withDropout(double rate, long newSeed) {
    return new AttentionSpec(scale, mask, modifier, rate, newSeed);
  }

  double scaleFor(int width) {
    return Double.isNaN(scale) ? 1 / Math.sqrt(Math.max(1, width)) : scale;
  }
}
