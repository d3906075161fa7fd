package dev.heed.task;

import dev.heed.text.Encoding;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text, or two that are read together.
 *
 * @param first never null
 * @param second null for one text alone
 */
public record TextPair(String first, @Nullable String second) {
  /** Checks the text. */
  public TextPair {
    Objects.requireNonNull(first, "text: expected a text, which may be empty, got null");
  }

  /** One text. */
  public static TextPair of(String text) {
    return new TextPair(text, null);
  }

  String secondOrEmpty() {
    return second == null ? "" : second;
  }

  Encoding encode(TextModel model) {
    return model.encode(first, second);
  }

  FittedText fit(TextModel model) {
    return model.fit(first, second);
  }
}
