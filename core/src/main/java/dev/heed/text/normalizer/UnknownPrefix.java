package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;

/**
 * SentencePiece's normalisation of a stretch that may begin with a space, which the model would
 * take away: the unknown token's spelling is put before it, whose pieces are left out afterwards.
 * (transformers, {@code LlamaTokenizer._tokenize} with {@code legacy} false.)
 *
 * @param unknown what is put before
 * @param inner the model's normalisation
 */
public record UnknownPrefix(String unknown, SentencePieceNormalizer inner) implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    boolean spaced =
        text.text().startsWith(" ")
            || text.text().startsWith(String.valueOf(SentencePieceNormalizer.SPACE));
    return inner.normalize(spaced ? Prepend.to(text, unknown) : text);
  }
}
