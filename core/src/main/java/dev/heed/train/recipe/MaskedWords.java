package dev.heed.train.recipe;

import dev.heed.nn.loss.CrossEntropy;
import dev.heed.train.data.Seeds;
import java.util.Arrays;
import java.util.Set;

/**
 * Hides tokens to be guessed: of those that are chosen eight of ten become the mask, one a random
 * token, one stays (Devlin et al. 2019, section 3.1).
 *
 * @param share of the tokens that are chosen
 * @param mask the token that hides
 * @param vocabulary how many tokens there are
 * @param special tokens that are never chosen
 */
record MaskedWords(double share, long mask, long vocabulary, Set<Long> special) {
  private static final double MASKED = 0.8;
  private static final double RANDOM = 0.9;

  /** The example with hidden tokens, and labels where one is hidden; the same for a seed. */
  Example hide(Example example, long seed) {
    long[] ids = example.ids().clone();
    long[] labels = new long[ids.length];
    Arrays.fill(labels, CrossEntropy.IGNORED);
    for (int i = 0; i < ids.length; i++) {
      if (!special.contains(ids[i]) && unit(Seeds.mix(seed, i, 0)) < share) {
        labels[i] = ids[i];
        double way = unit(Seeds.mix(seed, i, 1));
        if (way < MASKED) {
          ids[i] = mask;
        } else if (way < RANDOM) {
          ids[i] = Long.remainderUnsigned(Seeds.mix(seed, i, 2), vocabulary);
        }
      }
    }
    return new Example(ids, example.types(), labels);
  }

  /** A number in [0, 1) from 53 random bits. */
  private static double unit(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }
}
