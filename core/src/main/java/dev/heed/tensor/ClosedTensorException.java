package dev.heed.tensor;

/** A tensor was used after it, or the scope that held it, had been closed. */
public final class ClosedTensorException extends TensorException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public ClosedTensorException(String message) {
    super(message);
  }
}
