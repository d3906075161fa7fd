package dev.heed.explain;

/**
 * What a model makes of a text, as far as one word is concerned.
 *
 * @param kind what the numbers are
 * @param numbers of the classes, of the vocabulary, or of the vector
 */
public record Outcome(Kind kind, double[] numbers) {
  /** What a model gives. */
  public enum Kind {
    /** A classifier's probabilities. */
    CLASSES,
    /** A language model's probabilities for what comes after the word. */
    NEXT_TOKEN,
    /** An encoder's last vector of the word, the mean over its tokens. */
    WORD_VECTOR
  }

  /**
   * How far another one is: of probabilities the total variation distance, {@code ½ Σ |p - q|},
   * from 0 to 1; of vectors {@code 1 - cos}, from 0 to 2.
   *
   * @throws IllegalArgumentException if it is of another kind or size
   */
  public double changeTo(Outcome other) {
    if (kind != other.kind || numbers.length != other.numbers.length) {
      throw new IllegalArgumentException(
          "outcome: expected "
              + kind
              + " of "
              + numbers.length
              + " numbers, got "
              + other.kind
              + " of "
              + other.numbers.length);
    }
    return kind == Kind.WORD_VECTOR ? 1 - cosine(other) : totalVariation(other);
  }

  private double totalVariation(Outcome other) {
    double sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      sum += Math.abs(numbers[i] - other.numbers[i]);
    }
    return sum / 2;
  }

  private double cosine(Outcome other) {
    double both = 0;
    double one = 0;
    double two = 0;
    for (int i = 0; i < numbers.length; i++) {
      both += numbers[i] * other.numbers[i];
      one += numbers[i] * numbers[i];
      two += other.numbers[i] * other.numbers[i];
    }
    return one == 0 || two == 0 ? 0 : both / Math.sqrt(one * two);
  }

  /** The class or token with the highest probability. */
  int predicted() {
    int best = 0;
    for (int i = 1; i < numbers.length; i++) {
      best = numbers[i] > numbers[best] ? i : best;
    }
    return best;
  }
}
