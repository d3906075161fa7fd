package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import dev.heed.text.Abbreviation;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens make up one word as people write it.
 *
 * <p>Tokenizers cut at every sign: "didn't" is three tokens, "U.K." four. Here tokens without a gap
 * belong together if the tokenizer cut them from one word, or if a sign joins them: an apostrophe,
 * hyphen, full stop, underscore, ampersand or at sign between letters or digits, a comma or colon
 * between digits, and the full stop that ends an abbreviation with more of them.
 */
final class Words {
  private static final String JOINING = "'\u2019\u02BC-\u2010\u2011._&@";
  private static final String JOINING_DIGITS = ",:";

  private final String text;
  private final List<Unit> units;

  Words(String text, List<Unit> units) {
    this.text = text;
    this.units = units;
  }

  /**
   * Each word with its tokens, in order.
   *
   * @throws IllegalArgumentException for a text that is shorter than what was read
   */
  List<UnitGroup> groups() {
    int read = units.stream().mapToInt(Unit::end).max().orElse(0);
    if (text.length() < read) {
      throw new IllegalArgumentException(
          "text: expected the one that was read, of "
              + read
              + " characters or more, got "
              + text.length());
    }
    List<List<Integer>> groups = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      if (i == 0 || !belongTogether(units.get(i - 1), units.get(i))) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(i);
    }
    return groups.stream().map(pieces -> new UnitGroup(word(pieces), pieces)).toList();
  }

  private Unit word(List<Integer> pieces) {
    Unit first = units.get(pieces.getFirst());
    if (first.special()) {
      return first;
    }
    int end = units.get(pieces.getLast()).end();
    String spelt = text.substring(first.start(), end).strip();
    boolean unknown = pieces.stream().anyMatch(piece -> units.get(piece).unknown());
    return new Unit(
        spelt.isEmpty() ? first.text() : spelt, false, unknown, first.word(), first.start(), end);
  }

  private boolean belongTogether(Unit before, Unit after) {
    if (before.special() || after.special()) {
      return false;
    }
    boolean cutFromOne = before.word() >= 0 && before.word() == after.word();
    return cutFromOne || (before.end() == after.start() && isInsideWord(before.end()));
  }

  /** Whether a place in the text lies inside a word, before or after a sign that joins. */
  private boolean isInsideWord(int at) {
    return joins(at) || joins(at - 1) || Abbreviation.endsAt(text, at);
  }

  /** Whether the sign at this place stands between two characters that it joins. */
  private boolean joins(int at) {
    if (at < 1 || at + 1 >= text.length()) {
      return false;
    }
    char before = text.charAt(at - 1);
    char after = text.charAt(at + 1);
    char sign = text.charAt(at);
    return JOINING.indexOf(sign) >= 0
        ? isWordCharacter(before) && isWordCharacter(after)
        : JOINING_DIGITS.indexOf(sign) >= 0
            && Character.isDigit(before)
            && Character.isDigit(after);
  }

  private static boolean isWordCharacter(char c) {
    return Character.isLetterOrDigit(c) || Character.isSurrogate(c);
  }
}
