package dev.heed.generate.search;

import java.io.Serial;

/** Says that a model's scores leave nothing to choose, or are no numbers. */
public final class InvalidScoresException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** An error with this message. */
  public InvalidScoresException(String message) {
    super(message);
  }

  /** Refuses a choice that is none. */
  static void require(double score, int input, int place) {
    if (Double.isNaN(score)) {
      throw new InvalidScoresException(
          "input "
              + input
              + ", token "
              + place
              + ": expected scores that are numbers, got NaN. The model's numbers overflow: load it"
              + " in a wider type, or set remove_invalid_values.");
    }
    if (score == Double.NEGATIVE_INFINITY) {
      throw new InvalidScoresException(
          "input "
              + input
              + ", token "
              + place
              + ": expected a token that may follow, got none: the rules remove every one of them."
              + " Take one of them out.");
    }
  }
}
