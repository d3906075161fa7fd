package dev.heed.text.subword;

import java.util.function.Predicate;

/** A model that takes language codes whole, known or not. */
public final class LanguageCodes implements TokenizerModel {
  private final TokenizerModel model;
  private final Predicate<String> code;
  private final int unknown;

  /**
   * A model with language codes.
   *
   * @param model cuts the rest
   * @param code tells whether a stretch is one
   * @param unknown the number of codes that are not in the vocabulary
   */
  public LanguageCodes(TokenizerModel model, Predicate<String> code, int unknown) {
    this.model = model;
    this.code = code;
    this.unknown = unknown;
  }

  @Override
  public void tokenize(String stretch, PieceSink pieces) {
    if (!code.test(stretch)) {
      model.tokenize(stretch, pieces);
      return;
    }
    int id = vocabulary().id(stretch);
    pieces.piece(id < 0 ? unknown : id, stretch, 0, stretch.length());
  }

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }
}
