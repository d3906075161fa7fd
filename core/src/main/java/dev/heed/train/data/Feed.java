package dev.heed.train.data;

/**
 * Where a run's batches come from.
 *
 * @param <B> a batch as the model's objective takes it
 */
public interface Feed<B> {
  /**
   * The batches of one epoch, in their order; the same at every call.
   *
   * @param number of the epoch, from 0
   */
  Epoch<B> epoch(long number);

  /**
   * One epoch.
   *
   * @param <B> a batch
   */
  interface Epoch<B> {
    /** How many batches there are, from 1. */
    int size();

    /**
     * Makes one batch; several threads may ask at once.
     *
     * @param batch from 0
     * @return its tensors belong to the current scope
     */
    B load(int batch);

    /** What a batch holds, for messages: {@code examples [3, 17, 4]}, say. */
    String describe(int batch);
  }
}
