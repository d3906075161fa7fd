package dev.heed.train.data;

/**
 * Seeds made of seeds, and the orders that follow from them: SplitMix64 (Steele et al. 2014),
 * written out here so that no library's next version changes them.
 */
public final class Seeds {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Seeds() {}

  /** A seed of its own for each sequence of numbers, for example (seed, update, piece). */
  public static long mix(long... parts) {
    long state = 0;
    for (long part : parts) {
      state = scramble(state + GOLDEN ^ scramble(part + GOLDEN));
    }
    return state;
  }

  private static long scramble(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** Puts numbers into a random order in place (Fisher and Yates). */
  public static void shuffle(int[] numbers, long seed) {
    long state = seed;
    for (int i = numbers.length - 1; i > 0; i--) {
      state += GOLDEN;
      // the bias of a remainder of 64 bits is below 2^-32
      int j = (int) Long.remainderUnsigned(scramble(state), i + 1L);
      int taken = numbers[i];
      numbers[i] = numbers[j];
      numbers[j] = taken;
    }
  }

  /** The numbers below {@code count} in a random order. */
  public static int[] order(int count, long seed) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    shuffle(order, seed);
    return order;
  }
}
