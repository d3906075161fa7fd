package dev.heed.server;

import dev.heed.tensor.DType;
import dev.heed.web.WebSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How models are served.
 *
 * @param web where it listens, whom it answers
 * @param texts most texts that a model writes side by side
 * @param tokens most tokens of all texts that a model writes at once, prompts included
 * @param usualLength how many tokens a chat's answer has at most where neither the request nor the
 *     model's files say
 * @param remembered of how many last prompts a model keeps what it computed; 0 for none
 * @param dtype what weights are converted to, or null for their own type
 * @param shelf a folder of model folders that may be taken in by name while the server runs, or
 *     null
 */
public record ServerSettings(
    WebSettings web,
    int texts,
    long tokens,
    int usualLength,
    int remembered,
    @Nullable DType dtype,
    @Nullable Path shelf) {
  private static final int TEXTS = 16;
  private static final long TOKENS = 32_768;
  private static final int LENGTH = 1024;
  private static final int REMEMBERED = 8;

  /** Checks the numbers. */
  public ServerSettings {
    if (texts < 1 || tokens < 1 || usualLength < 1 || remembered < 0) {
      throw new IllegalArgumentException(
          "server: expected texts, tokens and lengths of 1 or more, got "
              + List.of(texts, tokens, usualLength, remembered));
    }
  }

  /** For this machine only, with the usual limits. */
  public static ServerSettings local(int port) {
    return new ServerSettings(
        WebSettings.local(port), TEXTS, TOKENS, LENGTH, REMEMBERED, null, null);
  }

  /** The same at another address, with other limits. */
  public ServerSettings withWeb(WebSettings changed) {
    return new ServerSettings(changed, texts, tokens, usualLength, remembered, dtype, shelf);
  }

  /** The same with another shelf. */
  public ServerSettings withShelf(Path changed) {
    return new ServerSettings(web, texts, tokens, usualLength, remembered, dtype, changed);
  }

  /** The same that keeps what it computed of another number of prompts. */
  public ServerSettings withRemembered(int changed) {
    return new ServerSettings(web, texts, tokens, usualLength, changed, dtype, shelf);
  }

  /** The same with weights of another type. */
  public ServerSettings withDtype(@Nullable DType changed) {
    return new ServerSettings(web, texts, tokens, usualLength, remembered, changed, shelf);
  }

  /** The same with room for other numbers of texts and tokens. */
  public ServerSettings withRoom(int otherTexts, long otherTokens) {
    return new ServerSettings(web, otherTexts, otherTokens, usualLength, remembered, dtype, shelf);
  }
}
