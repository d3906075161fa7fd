package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import java.util.function.IntPredicate;

/**
 * Leaves out the characters that are not kept.
 *
 * @param kept which are, by code point
 */
public record KeptCharacters(IntPredicate kept) implements Normalizer {
  /** All but those with a combining class: what Python's {@code unicodedata.combining} finds. */
  public static final KeptCharacters NOT_COMBINING = new KeptCharacters(Decomposition::isStarter);

  /** All but those that Unicode has not assigned. */
  public static final KeptCharacters ASSIGNED =
      new KeptCharacters(c -> Character.getType(c) != Character.UNASSIGNED);

  @Override
  public AlignedText normalize(AlignedText text) {
    return Kept.of(text, kept);
  }
}
