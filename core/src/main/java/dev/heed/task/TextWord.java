package dev.heed.task;

import dev.heed.text.Encoding;
import dev.heed.text.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * A word of an encoded text.
 *
 * @param sequence 0 in the first text, 1 in the second
 * @param start its first character in its text
 * @param end one past its last
 * @param firstToken its first token's place
 * @param tokens how many tokens it has, in a row
 */
record TextWord(int sequence, int start, int end, int firstToken, int tokens) {
  /**
   * The words of a text or pair, in order: tokens that the tokenizer cut from one word, as far as
   * no white space lies between them.
   *
   * @param first the text
   * @param second the other text of a pair; not read without one
   */
  static List<TextWord> of(Encoding encoding, String first, String second) {
    List<TextWord> words = new ArrayList<>();
    List<Token> tokens = encoding.tokens();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.special() || token.padding() || token.sequence() < 0) {
        continue;
      }
      String text = token.sequence() == 0 ? first : second;
      Token before = i == 0 ? token : tokens.get(i - 1);
      boolean goesOn =
          i > 0
              && !words.isEmpty()
              && before.sequence() == token.sequence()
              && before.word() == token.word()
              && !isApart(text, before, token);
      if (goesOn) {
        TextWord begun = words.removeLast();
        words.add(
            new TextWord(
                begun.sequence, begun.start, token.end(), begun.firstToken, begun.tokens + 1));
      } else {
        words.add(new TextWord(token.sequence(), token.start(), token.end(), i, 1));
      }
    }
    return words.stream().map(word -> word.stripped(word.sequence == 0 ? first : second)).toList();
  }

  private static boolean isApart(String text, Token before, Token token) {
    return token.start() > before.end()
        || (token.start() < text.length()
            && token.end() > token.start()
            && Character.isWhitespace(text.charAt(token.start())));
  }

  /** The same without white space that its first token holds. */
  private TextWord stripped(String text) {
    int from = start;
    int to = end;
    while (from < to && Character.isWhitespace(text.charAt(from))) {
      from++;
    }
    while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
      to--;
    }
    return new TextWord(sequence, from, to, firstToken, tokens);
  }

  /** Its characters. */
  String in(String first, String second) {
    return (sequence == 0 ? first : second).substring(start, end);
  }
}
