package dev.heed.generate.template;

/**
 * What a template may use up.
 *
 * @param source most characters of the template itself
 * @param steps most expressions evaluated and statements run
 * @param made most characters and elements in all values that it makes, one after the other
 * @param depth most nested expressions, statements and calls
 */
public record TemplateLimits(int source, long steps, long made, int depth) {
  /** Far more than any published chat template needs. */
  public static final TemplateLimits USUAL = new TemplateLimits(1 << 20, 3_000_000, 64L << 20, 200);

  /** Checks the numbers. */
  public TemplateLimits {
    if (source < 0 || steps < 0 || made < 0 || depth < 1) {
      throw new IllegalArgumentException(
          "template limits: expected numbers from 0 and a depth from 1, got "
              + source
              + ", "
              + steps
              + ", "
              + made
              + ", "
              + depth);
    }
  }
}
