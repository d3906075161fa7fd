package dev.heed.train.recipe;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * English words of one gender and those of the other, to say of a woman what a text says of a man
 * and the reverse (counterfactual augmentation, Zmigrod et al. 2019). Names are left as they are.
 */
final class Counterparts {
  private static final String PAIRS =
      "he she,himself herself,man woman,men women,boy girl,boys girls,father mother,fathers"
          + " mothers,dad mom,son daughter,sons daughters,brother sister,brothers sisters,husband"
          + " wife,husbands wives,uncle aunt,uncles aunts,nephew niece,grandfather"
          + " grandmother,grandson granddaughter,boyfriend girlfriend,king queen,kings"
          + " queens,prince princess,gentleman lady,gentlemen ladies,male female,males females,sir"
          + " madam,mr mrs,actor actress,actors actresses,waiter waitress,policeman"
          + " policewoman,businessman businesswoman,spokesman spokeswoman,groom bride,widower"
          + " widow,hero heroine";
  private static final Map<String, String> OTHER =
      new HashMap<>(Map.of("his", "her", "him", "her"));

  static {
    for (String pair : PAIRS.split(",", -1)) {
      String[] two = pair.split(" ", -1);
      OTHER.put(two[0], two[1]);
      OTHER.put(two[1], two[0]);
    }
  }

  private static final Pattern WORD = Pattern.compile("\\p{L}+");

  /** After "her" where it stands for "his": a word of the same clause. */
  private static final Pattern OWNED = Pattern.compile("\\G\\s+\\p{L}");

  private Counterparts() {}

  /**
   * The text with every such word's counterpart in its place, or the same text if there is none.
   */
  static String of(String text) {
    StringBuilder swapped = new StringBuilder();
    Matcher words = WORD.matcher(text);
    Matcher owned = OWNED.matcher(text);
    int copied = 0;
    while (words.find()) {
      String word = words.group();
      String low = word.toLowerCase(Locale.ROOT);
      String other = low.equals("her") ? owned.find(words.end()) ? "his" : "him" : OTHER.get(low);
      if (other != null) {
        swapped.append(text, copied, words.start()).append(like(word, other));
        copied = words.end();
      }
    }
    return swapped.append(text, copied, text.length()).toString();
  }

  /** With capitals as another word has them. */
  private static String like(String word, String other) {
    if (word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT))) {
      return other.toUpperCase(Locale.ROOT);
    }
    return Character.isUpperCase(word.charAt(0))
        ? other.substring(0, 1).toUpperCase(Locale.ROOT) + other.substring(1)
        : other;
  }
}
