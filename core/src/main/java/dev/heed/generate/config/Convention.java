package dev.heed.generate.config;

import dev.heed.generate.logits.ExponentialDecay;

/**
 * Which version of the reference library's arithmetic holds where versions differ: how the length
 * of a beam's hypothesis is counted, when a beam search is done, how the end's score decays.
 */
public enum Convention {
  /**
   * As Transformers until 4.49 (the decay until 4.33): a hypothesis' length counts the whole
   * sequence, prompt and padding included, but not the token that ends it.
   */
  WHOLE_LENGTH_WITHOUT_END(ExponentialDecay.Form.MULTIPLY),
  /**
   * As Transformers 5: a hypothesis' length counts what was generated, the token that ends it
   * included.
   */
  GENERATED_LENGTH_WITH_END(ExponentialDecay.Form.ADD);

  private static final int FIRST_OF_GENERATED_LENGTH = 5;

  private final ExponentialDecay.Form decay;

  Convention(ExponentialDecay.Form decay) {
    this.decay = decay;
  }

  /**
   * That of a version.
   *
   * @param version a {@code transformers_version}; empty for the newest
   */
  public static Convention of(String version) {
    String major = version.replaceFirst("\\..*", "");
    return major.matches("\\d{1,4}") && Integer.parseInt(major) < FIRST_OF_GENERATED_LENGTH
        ? WHOLE_LENGTH_WITHOUT_END
        : GENERATED_LENGTH_WITH_END;
  }

  /** How {@code exponential_decay_length_penalty} changes a score. */
  ExponentialDecay.Form decay() {
    return decay;
  }
}
