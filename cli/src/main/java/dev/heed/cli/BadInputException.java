package dev.heed.cli;

/**
 * What the user gave cannot be used; the message says what was expected, what came, and what to do.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public BadInputException(String message) {
    super(message);
  }
}
