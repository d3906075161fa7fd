package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;

/**
 * Unicode's normal forms (Unicode Standard Annex 15), keeping track of where characters come from.
 *
 * <p>{@link java.text.Normalizer} says what a character decomposes into, which marks change places
 * and what two characters compose to; the steps are done here one after another, because the
 * alignment depends on them: of the characters that one decomposes into, the first takes its place
 * and the others are inserted; what is composed into one leaves out the others.
 */
public enum CanonicalForm implements Normalizer {
  /** Decomposed. */
  NFD(Form.NFD, false, 0xc0),
  /** Composed. */
  NFC(Form.NFC, true, 0x300),
  /** Decomposed, with compatibility characters replaced. */
  NFKD(Form.NFKD, false, 0xa0),
  /** Composed, with compatibility characters replaced. */
  NFKC(Form.NFKC, true, 0xa0);

  private final Form form;
  private final boolean composed;
  // Below it, every text is in this form already.
  private final int firstOfInterest;

  CanonicalForm(Form form, boolean composed, int firstOfInterest) {
    this.form = form;
    this.composed = composed;
    this.firstOfInterest = firstOfInterest;
  }

  /** One character of the result and what it does to the source, as {@link Rewrite#apply} reads. */
  private record Step(int codePoint, int change) {}

  @Override
  public AlignedText normalize(AlignedText text) {
    String s = text.text();
    if (s.chars().allMatch(c -> c < firstOfInterest)
        || java.text.Normalizer.isNormalized(s, form)) {
      return text;
    }
    List<Step> steps = decompose(s);
    if (composed) {
      steps = compose(steps);
    }
    Rewrite rewrite = new Rewrite(text);
    steps.forEach(step -> rewrite.apply(step.codePoint, step.change));
    return rewrite.done();
  }

  private List<Step> decompose(String text) {
    Form decomposition = form == Form.NFC || form == Form.NFD ? Form.NFD : Form.NFKD;
    List<Step> steps = new ArrayList<>(text.length() * 2);
    int marks = 0; // since where there are only marks
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0xa0) {
        orderMarks(steps, marks);
        steps.add(new Step(c, 0));
        marks = steps.size();
        continue;
      }
      String parts = Decomposition.of(c, decomposition);
      for (int j = 0; j < parts.length(); ) {
        int part = parts.codePointAt(j);
        if (Decomposition.isStarter(part)) {
          orderMarks(steps, marks);
          marks = steps.size() + 1;
        }
        steps.add(new Step(part, j == 0 ? 0 : 1));
        j += Character.charCount(part);
      }
    }
    orderMarks(steps, marks);
    return steps;
  }

  /** Orders the marks at the end by their classes, leaving those of one class as they stand. */
  private static void orderMarks(List<Step> steps, int from) {
    if (steps.size() - from > 1) {
      steps
          .subList(from, steps.size())
          .sort((a, b) -> Decomposition.compareClasses(a.codePoint, b.codePoint));
    }
  }

  private static List<Step> compose(List<Step> steps) {
    List<Step> result = new ArrayList<>(steps.size());
    int starter = -1; // its index in the result; marks that did not compose come after it
    for (Step step : steps) {
      boolean first = starter >= 0 && starter == result.size() - 1;
      boolean open =
          starter >= 0
              && (first || Decomposition.isLowerClass(result.getLast().codePoint, step.codePoint));
      int composite =
          open ? Decomposition.composite(result.get(starter).codePoint, step.codePoint) : -1;
      if (composite >= 0) {
        result.set(starter, new Step(composite, result.get(starter).change + step.change - 1));
        continue;
      }
      if (Decomposition.isStarter(step.codePoint)) {
        starter = result.size();
      }
      result.add(step);
    }
    return result;
  }
}
