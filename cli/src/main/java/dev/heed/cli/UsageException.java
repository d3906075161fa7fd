package dev.heed.cli;

/** An option's value is wrong; the message names the option, what it expects and what came. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public UsageException(String message) {
    super(message);
  }
}
