package dev.heed.task.speech;

import java.util.function.DoubleConsumer;

/** One kind of model that hears. */
interface Hearing extends AutoCloseable {
  /** The sampling rate that it hears. */
  int rate();

  /**
   * Hears a sound of any length.
   *
   * @param samples at the model's rate
   * @param looking whether attention is wanted
   * @param heard is told, after each window, how much of the sound was heard, from 0 to 1
   */
  Heard hear(float[] samples, SpeechSettings settings, boolean looking, DoubleConsumer heard);

  @Override
  void close();
}
