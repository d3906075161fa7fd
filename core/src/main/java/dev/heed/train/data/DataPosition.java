package dev.heed.train.data;

/**
 * Where in the data a run stands.
 *
 * @param epoch how many times all examples have been seen, from 0
 * @param batch the next one of the epoch, from 0
 */
public record DataPosition(long epoch, int batch) {
  /** Before the first batch. */
  public static final DataPosition START = new DataPosition(0, 0);

  /** Checks the ranges. */
  public DataPosition {
    if (epoch < 0 || batch < 0) {
      throw new IllegalArgumentException(
          "data position: expected an epoch and a batch from 0, got " + epoch + " and " + batch);
    }
  }
}
