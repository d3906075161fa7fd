package dev.heed.nn;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names nearest to a misspelt one, by edit distance: what an error message suggests. */
public final class ClosestNames {
  private static final int MOST = 3;

  private ClosestNames() {}

  /**
   * At most three names that hold the wanted one, or differ from it in at most a third of their
   * letters (two for short names), nearest first.
   */
  public static List<String> to(String wanted, Collection<String> names) {
    String low = wanted.toLowerCase(Locale.ROOT);
    return names.stream()
        .filter(name -> name.contains(low) || distance(low, name) <= Math.max(2, name.length() / 3))
        .sorted(Comparator.comparingInt(name -> distance(low, name)))
        .limit(MOST)
        .toList();
  }

  /** How many letters must be put in, taken out or changed (Levenshtein 1966). */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
