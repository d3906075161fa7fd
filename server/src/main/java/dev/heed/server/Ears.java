package dev.heed.server;

import dev.heed.task.speech.SpeechRecognizer;

/**
 * A model that hears speech.
 *
 * @param recognizer owned
 * @param times whether it writes when what was said
 */
record Ears(SpeechRecognizer recognizer, boolean times) implements AutoCloseable {
  @Override
  public void close() {
    recognizer.close();
  }
}
