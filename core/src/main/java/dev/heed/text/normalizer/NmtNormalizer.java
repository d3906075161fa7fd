package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;

/**
 * The rules of neural machine translation in SentencePiece: most control characters go, other
 * separators and invisible characters become spaces.
 */
public record NmtNormalizer() implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    AlignedText kept = Kept.of(text, c -> !isLeftOut(c));
    Rewrite rewrite = new Rewrite(kept);
    while (rewrite.hasNext()) {
      rewrite.replace(isSpace(rewrite.peek()) ? ' ' : rewrite.peek());
    }
    return rewrite.done();
  }

  private static boolean isLeftOut(int c) {
    return (c >= 0x1 && c <= 0x8)
        || c == 0xb
        || (c >= 0xe && c <= 0x1f)
        || c == 0x7f
        || c == 0x8f
        || c == 0x9f;
  }

  private static boolean isSpace(int c) {
    return switch (c) {
      case 0x9, 0xa, 0xc, 0xd, 0x1680, 0x2028, 0x2029, 0x2581, 0xfeff, 0xfffd -> true;
      default -> c >= 0x200b && c <= 0x200f;
    };
  }
}
