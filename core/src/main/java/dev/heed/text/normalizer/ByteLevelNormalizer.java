package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.ByteAlphabet;

/** Writes every byte of the text's UTF-8 as one visible character; see {@link ByteAlphabet}. */
public record ByteLevelNormalizer() implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    return ByteAlphabet.write(text);
  }
}
