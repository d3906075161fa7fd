package dev.heed.train;

/**
 * The loss or the gradients are no numbers any more, or the loss has grown far beyond where it
 * began. The parameters are those before the update that the message names.
 */
public final class DivergenceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long update;

  DivergenceException(long update, String message) {
    super(message);
    this.update = update;
  }

  /** The update that was not made, from 0. */
  public long update() {
    return update;
  }
}
