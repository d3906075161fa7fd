package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import java.text.Normalizer.Form;

/**
 * In place of each character the first one of its canonical decomposition: what llama.cpp calls
 * NFD. Accents of composed letters go; those written separately stay.
 */
public record FirstOfDecomposition() implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    Rewrite rewrite = new Rewrite(text);
    while (rewrite.hasNext()) {
      int c = rewrite.peek();
      rewrite.replace(c < 0xc0 ? c : Decomposition.of(c, Form.NFD).codePointAt(0));
    }
    return rewrite.done();
  }
}
