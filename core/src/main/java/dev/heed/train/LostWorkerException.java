package dev.heed.train;

/** Thrown when one of the processes that train together is gone; the message says how to go on. */
public final class LostWorkerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LostWorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
