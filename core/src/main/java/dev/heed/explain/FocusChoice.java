package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which word to look at.
 *
 * <p>By itself it takes what a sentence has to tell, in this order, where a head shows it: the
 * first pronoun that has a word before it to stand for; a word of several meanings beside one that
 * tells which is meant (<i>bank</i>, river); what is said of something ("was <i>delicious</i>"),
 * and then of which word before it; else the word that has the most selective head. Words that mean
 * little alone are taken only where there is nothing else. Across two sequences it is the word with
 * the most selective head.
 */
public final class FocusChoice {
  private static final Pattern NUMBERED = Pattern.compile("(.+?)(?::| ?\\()(\\d+)\\)?");

  private final AttentionMap map;
  private final Selectivity selectivity;
  private final @Nullable Focus[] found;

  private FocusChoice(AttentionMap map, Selectivity selectivity) {
    this.map = map;
    this.selectivity = selectivity;
    this.found = new Focus[map.queries().size()];
  }

  /**
   * For a map of which many words are asked for: each is looked at once.
   *
   * @param map whose heads are compared
   */
  public static FocusChoice over(AttentionMap map) {
    return new FocusChoice(map, new Selectivity(map));
  }

  /** The word that has most to tell, with its head. */
  public static Focus of(AttentionMap map) {
    return over(map).focus();
  }

  /** The word that has most to tell, with its head. */
  public Focus focus() {
    if (!map.isSelf()) {
      return mostSelective().orElseGet(() -> on(0));
    }
    return pronoun()
        .or(this::homonym)
        .or(this::predicate)
        .or(this::mostSelective)
        .orElseGet(() -> on(0));
  }

  /** Every unit that attends, each in its most selective head. */
  public List<Focus> all() {
    return IntStream.range(0, found.length).parallel().mapToObj(this::on).toList();
  }

  private Focus on(int query) {
    Focus known = found[query];
    if (known == null) {
      known = Focus.on(map, selectivity, query);
      found[query] = known;
    }
    return known;
  }

  /**
   * The first word of this spelling that attends, in any case; {@code the:2} or {@code the (2)} is
   * the second.
   *
   * @return its number among the queries, or nothing if there is none
   */
  public static OptionalInt find(AttentionMap map, String word) {
    return find(map.queries(), word);
  }

  /**
   * The first word of this spelling that is attended to; see {@link #find}.
   *
   * @return its number among the keys, or nothing if there is none
   */
  public static OptionalInt findKey(AttentionMap map, String word) {
    return find(map.keys(), word);
  }

  private static OptionalInt find(List<Unit> units, String word) {
    Objects.requireNonNull(word, "word: expected a word of the text, got null");
    OptionalInt found = nth(units, word.strip(), 1);
    Matcher numbered = NUMBERED.matcher(word.strip());
    if (found.isEmpty() && numbered.matches() && numbered.group(2).length() < 6) {
      return nth(units, numbered.group(1), Integer.parseInt(numbered.group(2)));
    }
    return found;
  }

  private static OptionalInt nth(List<Unit> units, String word, int which) {
    return IntStream.range(0, units.size())
        .filter(i -> units.get(i).text().equalsIgnoreCase(word))
        .skip(which - 1L)
        .findFirst();
  }

  /** Every word with content, each in its most selective head, the most selective first. */
  public static List<Focus> words(AttentionMap map) {
    return words(map, new Selectivity(map));
  }

  static List<Focus> words(AttentionMap map, Selectivity selectivity) {
    return new FocusChoice(map, selectivity).bySelectivity(content(map));
  }

  private List<Focus> bySelectivity(IntStream queries) {
    return queries
        .mapToObj(this::on)
        .sorted(Comparator.comparingDouble(Focus::selectivity).reversed())
        .toList();
  }

  private Optional<Focus> pronoun() {
    return IntStream.range(0, map.size())
        .filter(i -> EnglishWords.isPronoun(text(i)) && content(map).anyMatch(key -> key < i))
        .mapToObj(this::on)
        .filter(Focus::isTelling)
        .findFirst();
  }

  /** The first word of several meanings, and of the words that tell which the most selective. */
  private Optional<Focus> homonym() {
    for (int i = 0; i < map.size(); i++) {
      Set<String> telling = Homonyms.telling(text(i));
      if (telling.isEmpty()) {
        continue;
      }
      int[] keys =
          content(map)
              .filter(key -> telling.contains(text(key).toLowerCase(Locale.ROOT)))
              .toArray();
      if (keys.length > 0) {
        Focus found = Focus.best(map, selectivity, i, keys);
        if (found.isTelling()) {
          return Optional.of(found);
        }
      }
    }
    return Optional.empty();
  }

  /** The first word with content after a form of "be", if nothing but a degree stands between. */
  private Optional<Focus> predicate() {
    for (int i = 0; i < map.size(); i++) {
      if (EnglishWords.isBe(text(i))) {
        int next = i + 1;
        while (next + 1 < map.size()
            && EnglishWords.isDegree(text(next))
            && map.units().get(next + 1).hasMeaning()) {
          next++;
        }
        if (next < map.size() && isContent(map, next) && !isProgressive(text(next))) {
          Focus found = Focus.backwards(map, selectivity, next);
          return Optional.of(found).filter(Focus::isTelling);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isProgressive(String word) {
    return word.length() > 5 && word.endsWith("ing");
  }

  private Optional<Focus> mostSelective() {
    List<Focus> words = bySelectivity(content(map));
    return words.isEmpty()
        ? bySelectivity(
                IntStream.range(0, map.queries().size())
                    .filter(i -> map.queries().get(i).hasMeaning()))
            .stream()
            .findFirst()
        : Optional.of(words.getFirst());
  }

  /** The words with content, in order. */
  static IntStream content(AttentionMap map) {
    return IntStream.range(0, map.queries().size()).filter(i -> isContent(map, i));
  }

  private static boolean isContent(AttentionMap map, int unit) {
    Unit at = map.queries().get(unit);
    return at.hasMeaning() && EnglishWords.isContent(at.text());
  }

  private String text(int unit) {
    return map.queries().get(unit).text();
  }
}
