package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;

/** Rewrites a text before it is split. Stateless, and safe to share between threads. */
public sealed interface Normalizer
    permits BertNormalizer,
        ByteLevelNormalizer,
        CanonicalForm,
        CharacterMap,
        CollapsedSpaces,
        FirstOfDecomposition,
        KeptCharacters,
        Lowercase,
        NmtNormalizer,
        NormalizerSequence,
        PrefixSpace,
        Prepend,
        Replace,
        SentencePieceNormalizer,
        Strip,
        StripAccents,
        UnderlinePrefix,
        UnknownPrefix,
        Uppercase,
        WordLowercase {

  /**
   * Rewrites a text.
   *
   * @param text any text, empty included
   * @return the text itself if nothing changes
   * @throws dev.heed.text.TextException if a regular expression takes too long on the text
   */
  AlignedText normalize(AlignedText text);
}
