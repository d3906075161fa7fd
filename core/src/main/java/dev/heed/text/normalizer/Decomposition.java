package dev.heed.text.normalizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;

/**
 * Single facts about decomposition, drawn from {@link Normalizer}, which offers only whole texts.
 *
 * <p>A mark's combining class is never needed as a number: that two marks change places in a
 * decomposed text says that the second has the lower class, and both have one.
 */
final class Decomposition {
  /** Of combining class 1, the lowest, and 240, the highest. */
  private static final int LOWEST = 0x334;

  private static final int HIGHEST = 0x345;

  private static final String[] CANONICAL = new String[0x10000];
  private static final String[] COMPATIBLE = new String[0x10000];
  private static final byte[] STARTER = new byte[0x10000];

  private Decomposition() {}

  /**
   * The full decomposition of one character.
   *
   * @param form NFD or NFKD
   */
  static String of(int c, Form form) {
    if (c >= 0x10000) {
      return Normalizer.normalize(Character.toString(c), form);
    }
    // Threads may compute an entry twice; they compute the same.
    String[] known = form == Form.NFD ? CANONICAL : COMPATIBLE;
    String parts = known[c];
    if (parts == null) {
      parts = Normalizer.normalize(Character.toString(c), form);
      known[c] = parts;
    }
    return parts;
  }

  /** Compares the combining classes of two marks. */
  static int compareClasses(int first, int second) {
    if (ordersOtherwise(first, second)) {
      return 1;
    }
    return ordersOtherwise(second, first) ? -1 : 0;
  }

  /** Whether the first has a combining class, and one below the second's. */
  static boolean isLowerClass(int first, int second) {
    return !isStarter(first) && !isStarter(second) && ordersOtherwise(second, first);
  }

  /** Whether a character has no combining class, so that marks may gather after it. */
  static boolean isStarter(int c) {
    if (c < 0x300) {
      return true;
    }
    if (c >= 0x10000) {
      return findStarter(c);
    }
    if (STARTER[c] == 0) {
      STARTER[c] = (byte) (findStarter(c) ? 1 : 2);
    }
    return STARTER[c] == 1;
  }

  private static boolean findStarter(int c) {
    return !ordersOtherwise(c, LOWEST) && !ordersOtherwise(HIGHEST, c);
  }

  private static boolean ordersOtherwise(int first, int second) {
    String pair = Character.toString(first) + Character.toString(second);
    String ordered = Normalizer.normalize(pair, Form.NFD);
    return !ordered.equals(pair)
        && ordered.equals(Character.toString(second) + Character.toString(first));
  }

  /** What two characters of a decomposed text compose to, or -1. */
  static int composite(int first, int second) {
    if (second < 0x300) {
      return -1;
    }
    String pair = Character.toString(first) + Character.toString(second);
    String composed = Normalizer.normalize(pair, Form.NFC);
    if (composed.codePointCount(0, composed.length()) != 1) {
      return -1;
    }
    // Marks that would have to change places before they compose belong to another pair.
    String parts = of(composed.codePointAt(0), Form.NFD);
    return parts.equals(Normalizer.normalize(Character.toString(first), Form.NFD) + second(second))
        ? composed.codePointAt(0)
        : -1;
  }

  private static String second(int c) {
    return Normalizer.normalize(Character.toString(c), Form.NFD);
  }
}
