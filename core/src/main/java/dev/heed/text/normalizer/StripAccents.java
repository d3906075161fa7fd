package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.CodePoints;
import java.util.function.IntPredicate;

/** Leaves out every combining mark (categories M*); decompose the text before. */
public record StripAccents() implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    return Kept.of(text, ((IntPredicate) CodePoints::isMark).negate());
  }
}
