package dev.heed.task;

import dev.heed.explain.Evidence.Word;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Which words a score stands on: how far it falls where each is hidden by the mask token, or left
 * out where the model has none (Li, Monroe and Jurafsky, Understanding Neural Networks through
 * Representation Erasure, 2016; the leave-one-out of DeYoung et al., ERASER, ACL 2020).
 */
final class DecidingWords {
  private DecidingWords() {}

  /**
   * Each word of a text or pair with {@code score(whole) - score(without it)}.
   *
   * @param second the other text of a pair, or empty
   * @param mask the mask token, if there is one
   * @param scores the score of each of several encodings
   */
  static List<Word> of(
      Encoding whole,
      String first,
      String second,
      OptionalInt mask,
      Function<List<Encoding>, double[]> scores) {
    List<TextWord> words = TextWord.of(whole, first, second);
    List<Encoding> variants = new ArrayList<>();
    variants.add(whole);
    words.forEach(word -> variants.add(without(whole, word, mask)));
    double[] values = scores.apply(variants);
    List<Word> shown = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      TextWord word = words.get(i);
      shown.add(
          new Word(
              word.in(first, second),
              values[0] - values[i + 1],
              "",
              i > 0 && words.get(i - 1).sequence() != word.sequence()));
    }
    return shown;
  }

  private static Encoding without(Encoding whole, TextWord word, OptionalInt mask) {
    List<Token> tokens = new ArrayList<>(whole.tokens());
    List<Token> hidden = tokens.subList(word.firstToken(), word.firstToken() + word.tokens());
    if (mask.isEmpty()) {
      hidden.clear();
    } else {
      hidden.replaceAll(token -> masked(token, mask.getAsInt()));
    }
    return new Encoding(tokens);
  }

  /** A token that a mask hides. */
  static Token masked(Token token, int mask) {
    return new Token(
        mask,
        token.text(),
        token.start(),
        token.end(),
        token.word(),
        token.sequence(),
        token.type(),
        token.special(),
        token.padding());
  }
}
