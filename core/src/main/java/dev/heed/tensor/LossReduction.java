package dev.heed.tensor;

/** What becomes of the losses of single elements or rows. */
public enum LossReduction {
  // in the order of LibTorch's numbers
  /** Each stays. */
  NONE,
  /** Their mean; each loss says what it divides by. */
  MEAN,
  /** Their sum. */
  SUM;

  long number() {
    return ordinal();
  }

  /** Folds losses; the mean is over all of them. */
  public Tensor of(Tensor losses) {
    return switch (this) {
      case NONE -> losses;
      case MEAN -> losses.mean();
      case SUM -> losses.sum();
    };
  }
}
