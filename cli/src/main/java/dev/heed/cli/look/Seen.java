package dev.heed.cli.look;

import dev.heed.explain.AttentionMap;
import dev.heed.explain.UnitGroup;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a model attended to.
 *
 * @param exact between the model's own units
 * @param drawn between the units that are drawn
 * @param units what it was between, for a title
 */
record Seen(AttentionMap exact, AttentionMap drawn, String units) {
  /** A text that attends to itself. */
  static Seen text(AttentionMap tokens, String read, boolean pieces) {
    return new Seen(
        tokens, pieces ? tokens : tokens.words(read), "over " + tokens.size() + " tokens");
  }

  /** A text that attends to another. */
  static Seen text(AttentionMap tokens, String read, String target, boolean pieces) {
    return new Seen(
        tokens,
        pieces
            ? tokens
            : tokens.grouped(
                UnitGroup.words(target, tokens.queries()), UnitGroup.words(read, tokens.keys())),
        across(tokens, "tokens"));
  }

  /**
   * A sound that attends to itself, or a text that attends to it.
   *
   * @param target the text, or null
   */
  static Seen sound(AttentionMap map, @Nullable String target) {
    if (target == null) {
      return new Seen(map, map, "over " + map.size() + " moments");
    }
    List<UnitGroup> words = UnitGroup.words(target, map.queries());
    return new Seen(map, map.grouped(words, UnitGroup.each(map.keys())), across(map, "moments"));
  }

  /** Latents that read a text. */
  static Seen latents(AttentionMap map, String read, boolean pieces) {
    return new Seen(
        map,
        pieces
            ? map
            : map.grouped(UnitGroup.each(map.queries()), UnitGroup.words(read, map.keys())),
        "from " + map.queries().size() + " latents to " + map.keys().size() + " tokens");
  }

  private static String across(AttentionMap map, String keys) {
    return "from " + map.queries().size() + " tokens to " + map.keys().size() + ' ' + keys;
  }

  /** The line above a picture. */
  String title(String model) {
    return String.format(
        Locale.ROOT, "%s: %d layers of %d heads %s", model, exact.layers(), exact.heads(), units);
  }

  /** Whether words of several tokens are drawn as one. */
  boolean isMerged() {
    return exact.queries().size() > drawn.queries().size()
        || exact.keys().size() > drawn.keys().size();
  }
}
