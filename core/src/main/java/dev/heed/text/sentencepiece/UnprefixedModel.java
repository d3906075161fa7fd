package dev.heed.text.sentencepiece;

import dev.heed.text.align.AlignedText;
import dev.heed.text.normalizer.UnknownPrefix;
import dev.heed.text.subword.PieceSink;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;

/** Leaves out the pieces of the text that {@link UnknownPrefix} put before a stretch. */
public final class UnprefixedModel implements TokenizerModel {
  private final SentencePieceModel model;
  private final String prefix;
  private final int pieces;

  /**
   * A model of prefixed stretches.
   *
   * @param model cuts
   * @param unknown what was put before stretches
   */
  public UnprefixedModel(SentencePieceModel model, String unknown) {
    this.model = model;
    this.prefix = model.normalize(AlignedText.of(unknown)).text();
    Pieces cut = new Pieces();
    model.tokenize(prefix, cut);
    this.pieces = cut.size();
  }

  @Override
  public void tokenize(String normalized, PieceSink sink) {
    if (!normalized.startsWith(prefix)) {
      model.tokenize(normalized, sink);
      return;
    }
    Pieces cut = new Pieces();
    model.tokenize(normalized, cut);
    for (int i = cut.size() >= pieces ? pieces : 0; i < cut.size(); i++) {
      sink.piece(cut.id(i), cut.spelling(i), cut.from(i), cut.to(i));
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }
}
