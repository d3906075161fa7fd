package dev.heed.task;

import dev.heed.text.Abbreviation;
import java.util.ArrayList;
import java.util.List;

/**
 * Words as data sets of entities have them: a tokenizer cuts at every punctuation mark, they do not
 * at a dot, a hyphen or an ampersand within a word, nor before the last dot of an abbreviation.
 */
final class HeldWords {
  private static final String HOLDING = ".-&";

  private HeldWords() {}

  /** Joins the words of one text that a mark holds together. */
  static List<TextWord> of(List<TextWord> words, String text) {
    List<TextWord> joined = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      TextWord word = words.get(i);
      while (i + 2 < words.size() && holds(text, word, words.get(i + 1), words.get(i + 2))) {
        word = joined(word, words.get(i + 2));
        i += 2;
      }
      if (i + 1 < words.size() && isLastDot(text, word, words.get(i + 1))) {
        word = joined(word, words.get(i + 1));
        i++;
      }
      joined.add(word);
    }
    return joined;
  }

  private static TextWord joined(TextWord word, TextWord end) {
    int tokens = end.firstToken() + end.tokens() - word.firstToken();
    return new TextWord(word.sequence(), word.start(), end.end(), word.firstToken(), tokens);
  }

  private static boolean isLastDot(String text, TextWord word, TextWord mark) {
    return word.end() == mark.start()
        && mark.end() - mark.start() == 1
        && Abbreviation.endsAt(text, mark.start());
  }

  private static boolean holds(String text, TextWord before, TextWord mark, TextWord after) {
    return before.end() == mark.start()
        && mark.end() == after.start()
        && mark.end() - mark.start() == 1
        && HOLDING.indexOf(text.charAt(mark.start())) >= 0
        && before.end() > before.start()
        && Character.isLetterOrDigit(text.charAt(before.end() - 1))
        && after.end() > after.start()
        && Character.isLetterOrDigit(text.charAt(after.start()));
  }
}
