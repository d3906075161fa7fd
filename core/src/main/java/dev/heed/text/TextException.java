package dev.heed.text;

import java.io.Serial;

/**
 * Says that a text cannot be tokenised, or ids cannot be turned into text: what was expected, what
 * was found, and what to do about it.
 */
public final class TextException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Creates the error.
   *
   * @param message what was expected, what was found and a remedy; foreign text must be quoted
   */
  public TextException(String message) {
    super(message);
  }
}
