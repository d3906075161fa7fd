package dev.heed.generate.chat;

/**
 * One turn of a chat.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content the text
 */
public record ChatMessage(String role, String content) {
  /** What a user says. */
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /** What holds for the whole chat. */
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  /** What the model said. */
  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }
}
