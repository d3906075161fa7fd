package dev.heed.tensor;

/**
 * A tensor operation was refused; the message says what was expected, what came, and the remedy.
 */
public class TensorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public TensorException(String message) {
    super(message);
  }

  /** An error with this message and what caused it. */
  public TensorException(String message, Throwable cause) {
    super(message, cause);
  }
}
