package dev.heed.evaluate;

import java.util.Map;

/**
 * English words to their stems (Porter, An algorithm for suffix stripping, Program 1980), with the
 * changes that NLTK makes by default, since ROUGE is computed with those.
 */
final class PorterStemmer {
  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("sky", "sky"),
          Map.entry("skies", "sky"),
          Map.entry("dying", "die"),
          Map.entry("lying", "lie"),
          Map.entry("tying", "tie"),
          Map.entry("news", "news"),
          Map.entry("innings", "inning"),
          Map.entry("inning", "inning"),
          Map.entry("outings", "outing"),
          Map.entry("outing", "outing"),
          Map.entry("cannings", "canning"),
          Map.entry("canning", "canning"),
          Map.entry("howe", "howe"),
          Map.entry("proceed", "proceed"),
          Map.entry("exceed", "exceed"),
          Map.entry("succeed", "succeed"));

  /** Endings and what replaces them, longest first where one ends with another. */
  private static final String[] STEP_2 = {
    "ational", "ate", "tional", "tion", "enci", "ence", "anci", "ance", "izer", "ize", "bli", "ble",
    "alli", "al", "entli", "ent", "eli", "e", "ousli", "ous", "ization", "ize", "ation", "ate",
    "ator", "ate", "alism", "al", "iveness", "ive", "fulness", "ful", "ousness", "ous", "aliti",
    "al", "iviti", "ive", "biliti", "ble", "fulli", "ful"
  };

  private static final String[] STEP_3 = {
    "icate", "ic", "ative", "", "alize", "al", "iciti", "ic", "ical", "ic", "ful", "", "ness", ""
  };

  private static final String[] STEP_4 = {
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize"
  };

  private PorterStemmer() {}

  /**
   * The stem of a word.
   *
   * @param word in lower case
   */
  static String stem(String word) {
    String irregular = IRREGULAR.get(word);
    if (irregular != null) {
      return irregular;
    }
    if (word.length() <= 2) {
      return word;
    }
    return step5(step4(step3(step2(step1c(step1b(step1a(word)))))));
  }

  /** Plurals: caresses, ponies, ties, cats. */
  private static String step1a(String word) {
    if (word.endsWith("ies") && word.length() == 4) {
      return cut(word, 1);
    }
    if (word.endsWith("sses") || word.endsWith("ies")) {
      return cut(word, 2);
    }
    return word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
  }

  /** Past and progressive: agreed, plastered, motoring. */
  private static String step1b(String word) {
    if (word.endsWith("ied")) {
      return cut(word, word.length() == 4 ? 1 : 2);
    }
    if (word.endsWith("eed")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    String stem;
    if (word.endsWith("ed") && hasVowel(cut(word, 2))) {
      stem = cut(word, 2);
    } else if (word.endsWith("ing") && hasVowel(cut(word, 3))) {
      stem = cut(word, 3);
    } else {
      return word;
    }
    if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
      return stem + "e";
    }
    if (endsInDoubleConsonant(stem)) {
      return "lsz".indexOf(stem.charAt(stem.length() - 1)) < 0 ? cut(stem, 1) : stem;
    }
    return measure(stem) == 1 && endsInShortSyllable(stem) ? stem + "e" : stem;
  }

  /** A final y after a consonant that is not the first letter. */
  private static String step1c(String word) {
    int last = word.length() - 1;
    return word.endsWith("y") && last > 1 && isConsonant(word, last - 1)
        ? cut(word, 1) + "i"
        : word;
  }

  private static String step2(String word) {
    if (word.endsWith("alli") && measure(cut(word, 4)) > 0) {
      return step2(cut(word, 2));
    }
    if (word.endsWith("logi")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    return replaced(word, STEP_2);
  }

  private static String step3(String word) {
    return replaced(word, STEP_3);
  }

  /** The first ending that fits decides, whether or not its stem is long enough. */
  private static String replaced(String word, String[] endings) {
    for (int i = 0; i < endings.length; i += 2) {
      if (word.endsWith(endings[i])) {
        String stem = cut(word, endings[i].length());
        return measure(stem) > 0 ? stem + endings[i + 1] : word;
      }
    }
    return word;
  }

  private static String step4(String word) {
    for (String ending : STEP_4) {
      if (word.endsWith(ending)) {
        String stem = cut(word, ending.length());
        boolean fits = !ending.equals("ion") || stem.endsWith("s") || stem.endsWith("t");
        return measure(stem) > 1 && fits ? stem : word;
      }
    }
    return word;
  }

  private static String step5(String word) {
    String shorter = word;
    if (word.endsWith("e")) {
      String stem = cut(word, 1);
      int measure = measure(stem);
      if (measure > 1 || (measure == 1 && !endsInShortSyllable(stem))) {
        shorter = stem;
      }
    }
    return shorter.endsWith("ll") && measure(cut(shorter, 1)) > 1 ? cut(shorter, 1) : shorter;
  }

  private static String cut(String word, int letters) {
    return word.substring(0, word.length() - letters);
  }

  private static boolean isConsonant(String word, int i) {
    return switch (word.charAt(i)) {
      case 'a', 'e', 'i', 'o', 'u' -> false;
      case 'y' -> i == 0 || !isConsonant(word, i - 1);
      default -> true;
    };
  }

  /** How often a vowel is followed by a consonant. */
  private static int measure(String stem) {
    int measure = 0;
    boolean afterVowel = false;
    for (int i = 0; i < stem.length(); i++) {
      boolean consonant = isConsonant(stem, i);
      if (consonant && afterVowel) {
        measure++;
      }
      afterVowel = !consonant;
    }
    return measure;
  }

  private static boolean hasVowel(String stem) {
    for (int i = 0; i < stem.length(); i++) {
      if (!isConsonant(stem, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsInDoubleConsonant(String word) {
    int last = word.length() - 1;
    return last >= 1 && word.charAt(last) == word.charAt(last - 1) && isConsonant(word, last);
  }

  /** Consonant, vowel, consonant other than w, x, y; or just a vowel and a consonant. */
  private static boolean endsInShortSyllable(String word) {
    int last = word.length() - 1;
    if (last == 1) {
      return !isConsonant(word, 0) && isConsonant(word, 1);
    }
    return last >= 2
        && isConsonant(word, last - 2)
        && !isConsonant(word, last - 1)
        && isConsonant(word, last)
        && "wxy".indexOf(word.charAt(last)) < 0;
  }
}
