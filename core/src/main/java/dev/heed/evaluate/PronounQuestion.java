package dev.heed.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A pronoun in a text and two names, of which it may mean one: as GAP has them (Webster et al.
 * 2018), or pairs after Winograd (Rahman and Ng 2012).
 *
 * @param text what is read
 * @param pronoun the pronoun's place
 * @param candidates the two names
 */
public record PronounQuestion(String text, Place pronoun, List<Candidate> candidates) {
  private static final Set<String> FEMININE = Set.of("she", "her", "hers", "herself");
  private static final Set<String> MASCULINE = Set.of("he", "him", "his", "himself");

  /** Copies the list. */
  public PronounQuestion {
    candidates = List.copyOf(candidates);
  }

  /**
   * Some characters of a text.
   *
   * @param start the first
   * @param end one past the last
   */
  public record Place(int start, int end) {}

  /**
   * A name.
   *
   * @param place where it stands
   * @param right whether the pronoun means it
   */
  public record Candidate(Place place, boolean right) {}

  /** What a pronoun says of the one that it means. */
  public enum Gender {
    /** She, her. */
    FEMININE,
    /** He, him, his. */
    MASCULINE,
    /** Nothing: they, it, a hidden word. */
    NONE
  }

  /**
   * Reads GAP's columns {@code Text}, {@code Pronoun}, {@code Pronoun-offset}, {@code A}, {@code
   * A-offset}, {@code A-coref} and the same of {@code B}; or {@code sentence}, {@code pronoun},
   * {@code candidate_a}, {@code candidate_b} and {@code answer}, {@code A} or {@code B}.
   *
   * @param where the line, for messages
   * @param columns by name
   * @throws IllegalArgumentException for columns of neither kind, and for a word that does not
   *     stand where it should
   */
  public static PronounQuestion of(String where, Map<String, String> columns) {
    if (columns.containsKey("Pronoun-offset")) {
      String text = get(where, columns, "Text");
      return new PronounQuestion(
          text,
          place(where, columns, text, "Pronoun"),
          List.of(
              new Candidate(place(where, columns, text, "A"), truth(where, columns, "A-coref")),
              new Candidate(place(where, columns, text, "B"), truth(where, columns, "B-coref"))));
    }
    String text = get(where, columns, "sentence");
    Place a = find(where, text, get(where, columns, "candidate_a"), 0);
    Place b = find(where, text, get(where, columns, "candidate_b"), 0);
    String answer = get(where, columns, "answer");
    if (!answer.equals("A") && !answer.equals("B")) {
      throw wrong(where, "answer A or B", answer);
    }
    // The names come first where the pronoun stands more than once.
    Place pronoun =
        find(where, text, get(where, columns, "pronoun"), Math.max(a.start(), b.start()));
    return new PronounQuestion(
        text,
        pronoun,
        List.of(new Candidate(a, answer.equals("A")), new Candidate(b, answer.equals("B"))));
  }

  private static Place place(
      String where, Map<String, String> columns, String text, String column) {
    String word = get(where, columns, column);
    String offset = get(where, columns, column + "-offset");
    int start = offset.matches("[0-9]{1,9}") ? Integer.parseInt(offset) : -1;
    if (start < 0 || !text.startsWith(word, start)) {
      throw wrong(where, word + " at its place in the text", offset);
    }
    return new Place(start, start + word.length());
  }

  private static boolean truth(String where, Map<String, String> columns, String column) {
    String value = get(where, columns, column).toUpperCase(Locale.ROOT);
    if (!value.equals("TRUE") && !value.equals("FALSE")) {
      throw wrong(where, column + " TRUE or FALSE", value);
    }
    return value.equals("TRUE");
  }

  /** The first place of a word from some character on, or else its first at all. */
  private static Place find(String where, String text, String word, int from) {
    List<MatchResult> found =
        Pattern.compile(
                "(?<![\\p{L}\\p{N}])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
            .matcher(text)
            .results()
            .toList();
    if (found.isEmpty()) {
      throw wrong(where, word + " in the sentence", text);
    }
    MatchResult first =
        found.stream().filter(each -> each.start() >= from).findFirst().orElseGet(found::getFirst);
    return new Place(first.start(), first.end());
  }

  private static String get(String where, Map<String, String> columns, String column) {
    String value = columns.get(column);
    if (value == null) {
      throw wrong(where, "a column " + column, columns.keySet());
    }
    return value;
  }

  private static IllegalArgumentException wrong(String where, String expected, Object got) {
    return new IllegalArgumentException(where + ": expected " + expected + ", got " + got);
  }

  /** The pronoun's gender. */
  public Gender gender() {
    String word = in(pronoun).toLowerCase(Locale.ROOT);
    return FEMININE.contains(word)
        ? Gender.FEMININE
        : MASCULINE.contains(word) ? Gender.MASCULINE : Gender.NONE;
  }

  /** What stands at a place. */
  public String in(Place place) {
    return text.substring(place.start(), place.end());
  }

  /**
   * The text as a classifier reads it: {@code *} stands about the pronoun and {@code #} about a
   * name.
   */
  public String marked(Candidate candidate) {
    Place name = candidate.place();
    boolean nameFirst = name.start() < pronoun.start();
    Place first = nameFirst ? name : pronoun;
    Place second = nameFirst ? pronoun : name;
    return text.substring(0, first.start())
        + about(first, nameFirst)
        + text.substring(first.end(), Math.max(first.end(), second.start()))
        + about(second, !nameFirst)
        + text.substring(second.end());
  }

  private String about(Place place, boolean name) {
    String mark = name ? "#" : "*";
    return mark + " " + in(place) + " " + mark;
  }

  /** The candidate that stands nearest before the pronoun, or else behind it. */
  public int nearest() {
    return best(false);
  }

  /**
   * The candidate that stands first in the pronoun's sentence, or in the nearest one before it that
   * has any: where English has its subjects.
   */
  public int subject() {
    return best(true);
  }

  private int best(boolean firstOfSentence) {
    double[] far = new double[candidates.size()];
    for (int i = 0; i < far.length; i++) {
      int start = candidates.get(i).place().start();
      boolean before = start < pronoun.start();
      double sentences = before ? sentences(start, pronoun.start()) : 1000;
      double within = before ? pronoun.start() - start : start - pronoun.start();
      far[i] =
          firstOfSentence
              ? 1e6 * sentences + (before ? start : within)
              : within + (before ? 0 : 1e6);
    }
    return far[0] <= far[1] ? 0 : 1;
  }

  private double sentences(int from, int to) {
    return Pattern.compile("[.!?]\\s+\\p{Lu}").matcher(text.substring(from, to)).results().count();
  }
}
