package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import dev.heed.text.normalizer.SentencePieceNormalizer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Marian's language codes: one such as {@code >>fra<<} at the beginning of a text is a part by
 * itself, others are left out; the rest is normalised by the SentencePiece model.
 *
 * @param normalizer the model's
 */
public record LanguageCodeSplit(SentencePieceNormalizer normalizer) implements PreTokenizer {
  private static final Pattern CODE = Pattern.compile(">>.+<<", Pattern.UNIX_LINES);

  @Override
  public void split(AlignedText text, Consumer<AlignedText> parts) {
    Matcher code = CODE.matcher(text.text());
    Rewrite rest = new Rewrite(text);
    while (code.find()) {
      if (code.start() == 0) {
        parts.accept(text.slice(0, code.end()));
      }
      rest.keepUntil(code.start());
      rest.skipUntil(code.end());
    }
    rest.keepUntil(text.length());
    AlignedText normalized = normalizer.normalize(rest.done());
    if (!normalized.isEmpty()) {
      parts.accept(normalized);
    }
  }

  /** Whether a part is a language code. */
  public static boolean isCode(String part) {
    return CODE.matcher(part).matches();
  }
}
