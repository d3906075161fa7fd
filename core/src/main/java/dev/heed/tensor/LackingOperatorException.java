package dev.heed.tensor;

/** An operator that the engine does not compute; the message says which, and what to do. */
final class LackingOperatorException extends TensorException {
  LackingOperatorException(String message) {
    super(message);
  }
}
