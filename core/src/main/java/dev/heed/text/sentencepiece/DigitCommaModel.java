package dev.heed.text.sentencepiece;

import dev.heed.text.align.AlignedText;
import dev.heed.text.normalizer.SentencePieceNormalizer;
import dev.heed.text.subword.PieceSink;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;
import java.util.Objects;

/**
 * ALBERT's and XLNet's rule: a piece that ends in a digit and a comma is cut anew without the
 * comma, which becomes a piece by itself, so that {@code 9,9} is not {@code 9,} and {@code 9}.
 * (transformers, {@code AlbertTokenizer._tokenize}.)
 */
public final class DigitCommaModel implements TokenizerModel {
  private static final char UNDERLINE = SentencePieceNormalizer.SPACE;

  private final SentencePieceModel model;

  /** The rule on top of a model. */
  public DigitCommaModel(SentencePieceModel model) {
    this.model = model;
  }

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }

  @Override
  public void tokenize(String normalized, PieceSink sink) {
    model.tokenize(
        normalized,
        (id, spelling, from, to) -> {
          String piece =
              spelling == null ? Objects.requireNonNull(vocabulary().piece(id)) : spelling;
          if (endsInDigitAndComma(piece)) {
            cutAnew(piece, from, to, sink);
          } else {
            sink.piece(id, spelling, from, to);
          }
        });
  }

  private static boolean endsInDigitAndComma(String piece) {
    int comma = piece.length() - 1;
    return comma > 0
        && piece.charAt(comma) == ','
        && Character.isDigit(piece.codePointBefore(comma));
  }

  private void cutAnew(String piece, int from, int to, PieceSink sink) {
    // A piece and the text that it stands for have the same characters: from + index is a place.
    int[] places = new int[piece.length()];
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < piece.length() - 1; i++) {
      if (piece.charAt(i) != UNDERLINE) {
        places[text.length()] = from + i;
        text.append(piece.charAt(i));
      }
    }
    places[text.length()] = to - 1;
    AlignedText again = model.normalize(AlignedText.of(text.toString()));
    Pieces cut = new Pieces();
    model.tokenize(again.text(), cut);
    for (int i = 0; i < cut.size(); i++) {
      int start = i == 0 ? from : places[again.start(cut.from(i))];
      int end = places[again.end(cut.to(i))];
      String spelling = cut.spelling(i);
      if (spelling == null) {
        spelling = Objects.requireNonNull(vocabulary().piece(cut.id(i)));
      }
      boolean added = i == 0 && piece.charAt(0) != UNDERLINE && spelling.charAt(0) == UNDERLINE;
      if (!added) {
        sink.piece(cut.id(i), spelling, start, end);
      } else if (spelling.length() > 1) {
        send(spelling.substring(1), start, end, sink);
      }
    }
    send(",", to - 1, to, sink);
  }

  private void send(String spelling, int from, int to, PieceSink sink) {
    int id = vocabulary().id(spelling);
    sink.piece(id < 0 ? model.unknown() : id, spelling, from, to);
  }
}
