package dev.heed.tensor;

/** Thrown where processes work together and one of them is gone, or does not answer in time. */
public final class LostProcessException extends TensorException {
  private static final long serialVersionUID = 1;

  LostProcessException(String message, Throwable cause) {
    super(message, cause);
  }
}
