package dev.heed.generate.search;

/**
 * Numbers uniform in [0, 1) that depend on nothing but a seed, a sequence and a place: the same
 * whatever the number of threads, and whichever other sequences run beside.
 *
 * <p>The mixing is that of SplitMix64 (Steele et al. 2014, "Fast Splittable Pseudorandom Number
 * Generators", figure 15).
 *
 * @param seed any number
 */
public record Uniforms(long seed) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /**
   * One number.
   *
   * @param sequence which sequence, from 0
   * @param place how many tokens it has
   * @param draw which number at this place, from 0
   */
  public double at(int sequence, int place, int draw) {
    long bits = mix(seed + GOLDEN);
    bits = mix(bits + GOLDEN * (sequence + 1L));
    bits = mix(bits + GOLDEN * (place + 1L));
    bits = mix(bits + GOLDEN * (draw + 1L));
    return (bits >>> 11) * 0x1p-53;
  }

  /**
   * Draws a token: the first whose cumulative probability exceeds a uniform number.
   *
   * @param probabilities at least one above 0
   * @param uniform in [0, 1)
   */
  public static int draw(double[] probabilities, double uniform) {
    double reached = 0;
    int last = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > 0) {
        reached += probabilities[i];
        last = i;
        if (reached > uniform) {
          return i;
        }
      }
    }
    return last; // rounding left the sum below the number
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
