package dev.heed.task;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** A long text in pieces that a model can read, cut between sentences where possible. */
final class TextChunks {
  private TextChunks() {}

  /**
   * As few pieces as go greedily: whole sentences; of a sentence that is too long, whole words; of
   * a word that is too long, characters.
   *
   * @param fits whether a model reads a piece whole
   * @throws IllegalArgumentException if not even a character fits
   */
  static List<String> of(String text, Predicate<String> fits) {
    if (fits.test(text)) {
      return List.of(text);
    }
    return join(units(BreakIterator.getSentenceInstance(Locale.ROOT), text), fits, 0);
  }

  /** The sentences of a text, without white space around them and without blank ones. */
  static List<String> sentences(String text) {
    return units(BreakIterator.getSentenceInstance(Locale.ROOT), text).stream()
        .map(String::strip)
        .filter(sentence -> !sentence.isEmpty())
        .toList();
  }

  private static List<String> join(List<String> units, Predicate<String> fits, int depth) {
    List<String> pieces = new ArrayList<>();
    String current = "";
    for (String unit : units) {
      if (fits.test((current + unit).strip())) {
        current += unit;
        continue;
      }
      if (!current.isBlank()) {
        pieces.add(current.strip());
      }
      current = "";
      if (fits.test(unit.strip())) {
        current = unit;
      } else {
        pieces.addAll(join(smaller(unit, depth), fits, depth + 1));
      }
    }
    if (!current.isBlank()) {
      pieces.add(current.strip());
    }
    return pieces;
  }

  private static List<String> smaller(String unit, int depth) {
    return switch (depth) {
      case 0 -> units(BreakIterator.getWordInstance(Locale.ROOT), unit);
      case 1 -> units(BreakIterator.getCharacterInstance(Locale.ROOT), unit);
      default ->
          throw new IllegalArgumentException(
              "text: expected a model with room for some of it, got none for a character");
    };
  }

  private static List<String> units(BreakIterator breaks, String text) {
    breaks.setText(text);
    List<String> units = new ArrayList<>();
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
      units.add(text.substring(from, to));
      from = to;
    }
    return units;
  }
}
