package dev.heed.text.subword;

import java.util.Set;

/**
 * A model that takes some words whole: those that spell a special token although it was not found
 * as one (CLIP lower-cases a text after it looked for them).
 */
public final class WholeWords implements TokenizerModel {
  private final TokenizerModel model;
  private final Set<String> words;

  /**
   * A model with whole words.
   *
   * @param model cuts the others
   * @param words in its vocabulary
   */
  public WholeWords(TokenizerModel model, Set<String> words) {
    this.model = model;
    this.words = Set.copyOf(words);
  }

  @Override
  public void tokenize(String word, PieceSink pieces) {
    int id = words.contains(word) ? vocabulary().id(word) : -1;
    if (id >= 0) {
      pieces.piece(id, null, 0, word.length());
    } else {
      model.tokenize(word, pieces);
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }
}
