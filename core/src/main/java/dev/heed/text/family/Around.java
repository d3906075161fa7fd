package dev.heed.text.family;

import dev.heed.text.pipeline.AddedToken;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.postprocessor.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds templates: what stands around a text, or two. */
final class Around {
  private final AddedTokens tokens;
  private final List<Template.Part> parts = new ArrayList<>();

  private Around(AddedTokens tokens) {
    this.tokens = tokens;
  }

  /** Begins a template with these special tokens. */
  static Around with(AddedTokens tokens) {
    return new Around(tokens);
  }

  /** A special token, or nothing for null. */
  Around special(@Nullable String content, int type) {
    if (content != null) {
      parts.add(new Template.Special(id(content), content, type));
    }
    return this;
  }

  /** A special token, unless the text before ends in it. */
  Around end(String content, int type) {
    parts.add(new Template.End(id(content), content, type));
    return this;
  }

  private int id(String content) {
    AddedToken token = tokens.byContent(content);
    return Objects.requireNonNull(token, content).id();
  }

  /** The first text. */
  Around first() {
    parts.add(new Template.Text(0, 0));
    return this;
  }

  /** The second text. */
  Around second(int type) {
    parts.add(new Template.Text(1, type));
    return this;
  }

  Template done() {
    return new Template(parts);
  }

  /**
   * {@code before first after}, and {@code before first after between second after}.
   *
   * @param before null for nothing, as the others
   * @param type the second text's segment, and that of what stands behind it
   */
  static PostProcessor both(
      AddedTokens tokens,
      @Nullable String before,
      @Nullable String after,
      @Nullable String between,
      int type) {
    return PostProcessor.of(
        with(tokens).special(before, 0).first().special(after, 0).done(),
        with(tokens)
            .special(before, 0)
            .first()
            .special(after, 0)
            .special(between, 0)
            .second(type)
            .special(after, type)
            .done());
  }

  /** {@code before first after}, and {@code before first second after}. */
  static PostProcessor joined(AddedTokens tokens, List<String> before, List<String> after) {
    Around single = with(tokens);
    before.forEach(token -> single.special(token, 0));
    single.first();
    after.forEach(token -> single.special(token, 0));
    Around pair = with(tokens);
    before.forEach(token -> pair.special(token, 0));
    pair.first().second(0);
    after.forEach(token -> pair.special(token, 0));
    return PostProcessor.of(single.done(), pair.done());
  }
}
