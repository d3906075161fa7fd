package dev.heed.text.subword;

import java.util.Objects;

/** A model whose pieces have the numbers that another vocabulary gives to their spellings. */
public final class Renumbered implements TokenizerModel {
  private final TokenizerModel model;
  private final Vocabulary vocabulary;
  private final int unknown;
  private final int[] numbers;

  /**
   * A model with other numbers.
   *
   * @param model cuts
   * @param vocabulary has the numbers
   * @param unknown the number of what it has not
   */
  public Renumbered(TokenizerModel model, Vocabulary vocabulary, int unknown) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.numbers = new int[model.vocabulary().bound()];
    for (int id = 0; id < numbers.length; id++) {
      String piece = model.vocabulary().piece(id);
      numbers[id] = piece == null ? unknown : number(piece);
    }
  }

  private int number(String piece) {
    int id = vocabulary.id(piece);
    return id < 0 ? unknown : id;
  }

  @Override
  public void tokenize(String stretch, PieceSink pieces) {
    model.tokenize(
        stretch,
        (id, spelling, from, to) -> {
          String shown = spelling;
          if (shown == null) {
            shown = Objects.requireNonNull(model.vocabulary().piece(id));
          }
          pieces.piece(spelling == null ? numbers[id] : number(shown), shown, from, to);
        });
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }
}
