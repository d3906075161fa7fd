package dev.heed.tensor;

/** Shapes do not fit an operation or each other. */
public final class ShapeException extends TensorException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public ShapeException(String message) {
    super(message);
  }

  /** An error with this message and what caused it. */
  public ShapeException(String message, Throwable cause) {
    super(message, cause);
  }
}
