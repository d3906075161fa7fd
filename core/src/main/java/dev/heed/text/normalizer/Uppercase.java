package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import java.util.Locale;

/** Every character in capitals by itself; one that becomes several (ß to SS) adds the others. */
public record Uppercase() implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    Rewrite rewrite = new Rewrite(text);
    while (rewrite.hasNext()) {
      String upper = Character.toString(rewrite.peek()).toUpperCase(Locale.ROOT);
      rewrite.replace(upper.codePointAt(0));
      upper.codePoints().skip(1).forEach(rewrite::insert);
    }
    return rewrite.done();
  }
}
