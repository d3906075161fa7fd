package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which word to look at.
 *
 * <p>By itself it takes what a sentence has to tell, in this order, where a head shows it: the
 * first pronoun that has a word before it to stand for; what is said of something ("was
 * <i>delicious</i>"), and then of which word before it; else the word that has the most selective
 * head. Words that mean little alone are taken only where there is nothing else.
 */
public final class FocusChoice {
  private static final Pattern NUMBERED = Pattern.compile("(.+?)(?::| ?\\()(\\d+)\\)?");

  private FocusChoice() {}

  /** The word that has most to tell, with its head. */
  public static Focus of(AttentionMap map) {
    return pronoun(map)
        .or(() -> predicate(map))
        .or(() -> mostSelective(map))
        .orElseGet(() -> Focus.on(map, 0));
  }

  /**
   * The first word of this spelling, in any case; {@code the:2} or {@code the (2)} is the second.
   *
   * @return its number, or nothing if there is none
   */
  public static OptionalInt find(AttentionMap map, String word) {
    OptionalInt found = nth(map, word.strip(), 1);
    Matcher numbered = NUMBERED.matcher(word.strip());
    if (found.isEmpty() && numbered.matches() && numbered.group(2).length() < 6) {
      return nth(map, numbered.group(1), Integer.parseInt(numbered.group(2)));
    }
    return found;
  }

  private static OptionalInt nth(AttentionMap map, String word, int which) {
    return IntStream.range(0, map.size())
        .filter(i -> map.units().get(i).text().equalsIgnoreCase(word))
        .skip(which - 1L)
        .findFirst();
  }

  /** Every word with content, each in its most selective head, the most selective first. */
  public static List<Focus> words(AttentionMap map) {
    return bySelectivity(map, content(map));
  }

  private static List<Focus> bySelectivity(AttentionMap map, IntStream queries) {
    Selectivity selectivity = new Selectivity(map);
    return queries
        .mapToObj(i -> Focus.on(map, selectivity, i))
        .sorted(Comparator.comparingDouble(Focus::selectivity).reversed())
        .toList();
  }

  private static Optional<Focus> pronoun(AttentionMap map) {
    return IntStream.range(0, map.size())
        .filter(i -> EnglishWords.isPronoun(text(map, i)) && hasContentBefore(map, i))
        .mapToObj(i -> Focus.on(map, i))
        .filter(Focus::isTelling)
        .findFirst();
  }

  private static boolean hasContentBefore(AttentionMap map, int unit) {
    return content(map).anyMatch(i -> i < unit);
  }

  /** The first word with content after a form of "be", if nothing but a degree stands between. */
  private static Optional<Focus> predicate(AttentionMap map) {
    for (int i = 0; i < map.size(); i++) {
      if (EnglishWords.isBe(text(map, i))) {
        int next = i + 1;
        while (next < map.size() && EnglishWords.isDegree(text(map, next))) {
          next++;
        }
        if (next < map.size() && isContent(map, next) && !isProgressive(text(map, next))) {
          return Optional.of(Focus.backwards(map, next)).filter(Focus::isTelling);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isProgressive(String word) {
    return word.length() > 5 && word.endsWith("ing");
  }

  private static Optional<Focus> mostSelective(AttentionMap map) {
    List<Focus> words = words(map);
    List<Focus> any =
        words.isEmpty()
            ? bySelectivity(
                map, IntStream.range(0, map.size()).filter(i -> map.units().get(i).hasMeaning()))
            : words;
    return any.stream().findFirst();
  }

  /** The words with content, in order. */
  static IntStream content(AttentionMap map) {
    return IntStream.range(0, map.size()).filter(i -> isContent(map, i));
  }

  private static boolean isContent(AttentionMap map, int unit) {
    Unit at = map.units().get(unit);
    return at.hasMeaning() && EnglishWords.isContent(at.text());
  }

  private static String text(AttentionMap map, int unit) {
    return map.units().get(unit).text();
  }
}
