package dev.heed.generate.constrain;

import java.io.Serial;

/** Says that a grammar, regular expression or schema is invalid or not offered, and where. */
public final class GrammarException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  /** An error with this message. */
  public GrammarException(String message) {
    super(message);
  }
}
