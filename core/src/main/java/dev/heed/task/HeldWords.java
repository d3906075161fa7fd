package dev.heed.task;

import java.util.ArrayList;
import java.util.List;

/**
 * Words as data sets of entities have them: a tokenizer cuts at every punctuation mark, they do not
 * at a dot, a hyphen or an ampersand within a word.
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
        TextWord end = words.get(i + 2);
        int tokens = end.firstToken() + end.tokens() - word.firstToken();
        word = new TextWord(word.sequence(), word.start(), end.end(), word.firstToken(), tokens);
        i += 2;
      }
      joined.add(word);
    }
    return joined;
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
