package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.CodePoints;
import dev.heed.text.align.Rewrite;

/**
 * BERT's normalisation (Devlin et al. 2018, {@code tokenization.py}): control characters go, white
 * space becomes spaces, Chinese characters stand by themselves, accents go, letters become small.
 *
 * @param cleanText whether to leave out NUL, U+FFFD and control, format and private characters, and
 *     to make white space spaces
 * @param handleChineseChars whether to put spaces around Chinese characters
 * @param stripAccents whether to decompose (NFD) and leave out category Mn
 * @param lowercase whether to lower-case
 */
public record BertNormalizer(
    boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase)
    implements Normalizer {
  private static final CanonicalForm DECOMPOSED = CanonicalForm.NFD;
  private static final Lowercase LOWERCASE = new Lowercase();

  @Override
  public AlignedText normalize(AlignedText text) {
    AlignedText result = text;
    if (cleanText) {
      result = clean(result);
    }
    if (handleChineseChars && result.text().codePoints().anyMatch(CodePoints::isChinese)) {
      result = separateChinese(result);
    }
    if (stripAccents) {
      result = Kept.of(DECOMPOSED.normalize(result), c -> !CodePoints.isNonSpacingMark(c));
    }
    return lowercase ? LOWERCASE.normalize(result) : result;
  }

  private static AlignedText clean(AlignedText text) {
    AlignedText kept = Kept.of(text, BertNormalizer::isKept);
    if (kept.text().codePoints().noneMatch(c -> c != ' ' && CodePoints.isWhiteSpace(c))) {
      return kept;
    }
    Rewrite rewrite = new Rewrite(kept);
    while (rewrite.hasNext()) {
      rewrite.replace(CodePoints.isWhiteSpace(rewrite.peek()) ? ' ' : rewrite.peek());
    }
    return rewrite.done();
  }

  private static boolean isKept(int c) {
    if (c < 0x7f) {
      return c >= ' ' || c == '\t' || c == '\n' || c == '\r';
    }
    return c != 0xfffd && !CodePoints.isOther(c);
  }

  private static AlignedText separateChinese(AlignedText text) {
    Rewrite rewrite = new Rewrite(text);
    while (rewrite.hasNext()) {
      int c = rewrite.peek();
      if (CodePoints.isChinese(c)) {
        rewrite.replace(' ');
        rewrite.insert(c);
        rewrite.insert(' ');
      } else {
        rewrite.keep();
      }
    }
    return rewrite.done();
  }
}
