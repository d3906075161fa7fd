package dev.heed.text.subword;

/** A model that shows unknown characters themselves instead of the unknown piece. */
public final class SpelledUnknown implements TokenizerModel {
  private final TokenizerModel model;
  private final int unknown;
  private final String suffix;

  /**
   * A model that shows what is unknown.
   *
   * @param model cuts
   * @param unknown the number of its unknown piece
   * @param suffix the mark of a word's end, which an unknown last character gets, too
   */
  public SpelledUnknown(TokenizerModel model, int unknown, String suffix) {
    this.model = model;
    this.unknown = unknown;
    this.suffix = suffix;
  }

  @Override
  public void tokenize(String word, PieceSink pieces) {
    model.tokenize(
        word,
        (id, spelling, from, to) ->
            pieces.piece(
                id,
                id == unknown
                    ? word.substring(from, to) + (to == word.length() ? suffix : "")
                    : spelling,
                from,
                to));
  }

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }
}
