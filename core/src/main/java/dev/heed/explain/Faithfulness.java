package dev.heed.explain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Whether the tokens that a map marks are those a classifier decides by, measured by taking them
 * away (DeYoung et al., ERASER, ACL 2020, section 4).
 *
 * <p>All is about the class predicted for the whole text. Candidates for removal are all tokens but
 * the first and the last, which are special.
 */
public final class Faithfulness {
  /** How a token is taken away. */
  public enum Removal {
    /** The mask token stands for it. */
    MASK,
    /** It is cut out, and later tokens move up. */
    DELETE
  }

  /**
   * Changes of the probability as more of the marked tokens go.
   *
   * @param removed how many tokens each fraction is
   * @param comprehensiveness {@code p - p(without the marked)}: high if they were needed
   * @param sufficiency {@code p - p(only the marked and the special tokens)}: low if they are
   *     enough
   */
  public record Curve(int[] removed, double[] comprehensiveness, double[] sufficiency) {
    /** The mean over the fractions (area over the perturbation curve). */
    public double meanComprehensiveness() {
      return Arrays.stream(comprehensiveness).average().orElse(Double.NaN);
    }

    /** The mean over the fractions. */
    public double meanSufficiency() {
      return Arrays.stream(sufficiency).average().orElse(Double.NaN);
    }
  }

  private final TokenText text;
  private final long mask;
  private final Function<TokenText, double[]> classifier;
  private final double[] probabilities;
  private final int predicted;

  /**
   * Runs the classifier on the whole text.
   *
   * @param mask the id of the mask token
   * @param classifier from a text to the probabilities of its classes
   */
  public Faithfulness(TokenText text, long mask, Function<TokenText, double[]> classifier) {
    this.text = text;
    this.mask = mask;
    this.classifier = classifier;
    this.probabilities = classifier.apply(text);
    this.predicted =
        IntStream.range(0, probabilities.length)
            .reduce((best, c) -> probabilities[c] > probabilities[best] ? c : best)
            .orElseThrow(() -> new IllegalArgumentException("classifier: got no class"));
  }

  /** The probabilities for the whole text. */
  public double[] probabilities() {
    return probabilities.clone();
  }

  /** The places of all candidates. */
  public int[] candidates() {
    return IntStream.range(1, Math.max(1, text.size() - 1)).toArray();
  }

  /**
   * The candidates by falling score; of equal ones the first comes first.
   *
   * @param scores one a token
   */
  public int[] order(double[] scores) {
    if (scores.length < text.size()) {
      throw new IllegalArgumentException(
          "scores: expected one for each of " + text.size() + " tokens, got " + scores.length);
    }
    return IntStream.of(candidates())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Takes away, and keeps alone, the tokens with the highest scores.
   *
   * @param scores one a token
   * @param fractions of the candidates, rounded up to whole tokens; usual are 0.01, 0.05, 0.1, 0.2,
   *     0.5
   */
  public Curve curve(double[] scores, Removal removal, double... fractions) {
    int[] order = order(scores);
    int[] removed = new int[fractions.length];
    double[] comprehensiveness = new double[fractions.length];
    double[] sufficiency = new double[fractions.length];
    for (int f = 0; f < fractions.length; f++) {
      removed[f] = (int) Math.ceil(fractions[f] * order.length);
      boolean[] marked = new boolean[text.size()];
      IntStream.of(order).limit(removed[f]).forEach(i -> marked[i] = true);
      boolean[] others = new boolean[text.size()];
      IntStream.of(order).forEach(i -> others[i] = !marked[i]);
      comprehensiveness[f] = drop(removed(marked, removal));
      sufficiency[f] = drop(removed(others, removal));
    }
    return new Curve(removed, comprehensiveness, sufficiency);
  }

  /** {@code p - p(with this one token masked)} for each token, the special ones too. */
  public double[] leaveOneOut() {
    double[] drops = new double[text.size()];
    for (int i = 0; i < drops.length; i++) {
      boolean[] one = new boolean[drops.length];
      one[i] = true;
      drops[i] = drop(text.masked(one, mask));
    }
    return drops;
  }

  private TokenText removed(boolean[] places, Removal removal) {
    return removal == Removal.MASK ? text.masked(places, mask) : text.without(places);
  }

  private double drop(TokenText changed) {
    return probabilities[predicted] - classifier.apply(changed)[predicted];
  }
}
