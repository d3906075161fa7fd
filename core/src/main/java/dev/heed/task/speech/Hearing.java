package dev.heed.task.speech;

/** One kind of model that hears. */
interface Hearing extends AutoCloseable {
  /** The sampling rate that it hears. */
  int rate();

  /**
   * Hears a sound of any length.
   *
   * @param samples at the model's rate
   * @param looking whether attention is wanted
   */
  Heard hear(float[] samples, SpeechSettings settings, boolean looking);

  @Override
  void close();
}
