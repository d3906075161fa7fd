package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import java.util.function.Consumer;

/** Splits a text. Stateless, and safe to share between threads. */
public sealed interface PreTokenizer
    permits ByteLevel,
        FixedLength,
        LanguageCodeSplit,
        LlamaCppSplit,
        Metaspace,
        PreTokenizerSequence,
        ScriptSplit,
        Split {

  /**
   * Splits a text.
   *
   * @param text not empty
   * @param parts takes the parts in order, none of them empty; they may have been rewritten, and
   *     some of the text may be missing
   * @throws dev.heed.text.TextException if a regular expression takes too long on the text
   */
  void split(AlignedText text, Consumer<AlignedText> parts);
}
