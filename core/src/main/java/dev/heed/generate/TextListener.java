package dev.heed.generate;

/** Is told how a text becomes, by the thread that writes it. */
@FunctionalInterface
public interface TextListener {
  /** Nobody is told. */
  TextListener NONE = (token, text) -> {};

  /**
   * A token was chosen.
   *
   * @param token its number
   * @param text what is settled of the text with it; empty while a character is incomplete or may
   *     begin a stop string. What is held back at the end is the completion's last part
   */
  void token(int token, String text);
}
