package dev.heed.text.sentencepiece;

import dev.heed.text.align.AlignedText;
import dev.heed.text.normalizer.SentencePieceNormalizer;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.Pipeline;
import dev.heed.text.subword.Vocabulary;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A SentencePiece model by itself: symbols such as {@code <s>} in a text are plain characters.
 *
 * @param model the model
 */
public record SentencePiecePipeline(SentencePieceModel model) implements Pipeline {
  @Override
  public void cut(String text, Sink sink) {
    AlignedText normalized = model.normalize(AlignedText.of(text));
    int[] word = {-1};
    model.tokenize(
        normalized.text(),
        (id, spelling, from, to) -> {
          String shown = spelling == null ? Objects.requireNonNull(piece(id)) : spelling;
          boolean begins = normalized.text().charAt(from) == SentencePieceNormalizer.SPACE;
          if (word[0] < 0 || begins) {
            word[0]++;
          }
          sink.piece(id, shown, normalized.start(from), normalized.end(to), word[0]);
        });
  }

  private @Nullable String piece(int id) {
    return model.vocabulary().piece(id);
  }

  @Override
  public String decode(int[] ids, boolean special) {
    return new SentencePieceDecoder(model).decode(ids);
  }

  @Override
  public byte[] bytes(int id) {
    return new SentencePieceDecoder(model).bytes(model.pieces().spellings().get(id));
  }

  @Override
  public Pipeline literal() {
    return this;
  }

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }

  @Override
  public AddedTokens added() {
    return AddedTokens.NONE;
  }
}
