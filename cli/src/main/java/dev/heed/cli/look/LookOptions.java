package dev.heed.cli.look;

import dev.heed.cli.BadInputException;
import dev.heed.cli.GivenText;
import dev.heed.cli.UsageException;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionView;
import dev.heed.explain.Focus;
import dev.heed.explain.FocusChoice;
import dev.heed.explain.MapMethod;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code heed look} shows, and how: a mixin of its options, and what they may be used for. */
final class LookOptions {
  @Option(
      names = "--word",
      paramLabel = "WORD",
      description =
          "The word in focus; the:2 is the second \"the\" (default: a pronoun, else a word of"
              + " several meanings, else what is said of something, else the word with the most"
              + " selective head).")
  @Nullable String word;

  @Option(
      names = "--to",
      paramLabel = "WORD",
      description = "Show the head most selective for the word in focus and this one.")
  @Nullable String to;

  @Option(
      names = "--target",
      paramLabel = "TEXT",
      description =
          "A text that the model, one that reads and writes, is made to write: shows what its words"
              + " attend to in what is read. --word is of it, --to of what is read.")
  @Nullable String target;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "A layer, from 0; with --head, but for images.")
  @Nullable Integer layer;

  @Option(
      names = "--head",
      paramLabel = "H",
      description = "Draw this head's map, from 0; with --layer.")
  @Nullable Integer head;

  @Option(
      names = "--patch",
      paramLabel = "ROW,COLUMN",
      description = "The patch of an image in focus, from 0 (default: the class token).")
  @Nullable String patch;

  @Option(names = "--all", description = "Draw a small picture of every head.")
  boolean all;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page to keep: click on a word to see what it attends to.")
  @Nullable Path html;

  @Option(names = "--png", paramLabel = "FILE", description = "Write a picture to keep.")
  @Nullable Path png;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "How the word's map is made, with what was measured of it: raw (one head's weights),"
              + " rollout, flow or gradient, which go through all layers.")
  @Nullable String method;

  @Option(
      names = "--hide-special",
      description = "Leave out special tokens; rows are not renormalised.")
  boolean hideSpecial;

  @Option(names = "--pieces", description = "Draw the tokens, not the words merged from them.")
  boolean pieces;

  /** Refuses what has no meaning for a text, or a sound. */
  void requireForText(String text) {
    if ((layer == null) != (head == null)) {
      throw new UsageException("--layer and --head belong together: name both or neither");
    }
    if (to != null && layer != null) {
      throw new UsageException("--to finds a head, --layer and --head name one: use either");
    }
    if (patch != null) {
      throw new UsageException("--patch: expected an image, got a text; its words are --word's");
    }
    if (method != null) {
      boolean heads = layer != null || to != null || all || html != null || png != null;
      if (MethodLook.named(method) != MapMethod.RAW && heads) {
        throw new UsageException(
            "--method "
                + method
                + ": expected no --layer, --head, --to, --all, --html or --png, which show heads");
      }
      if (SoundLook.isSound(text) || target != null) {
        throw new UsageException("--method: expected a text alone, got a sound or --target");
      }
    }
    GivenText.filled("TEXT", text);
    if (target != null) {
      GivenText.filled("--target", target);
    }
  }

  /** Refuses what has no meaning for an image. */
  void requireForImage() {
    if (word != null
        || to != null
        || target != null
        || all
        || hideSpecial
        || pieces
        || method != null) {
      throw new UsageException(
          "--word, --to, --target, --all, --hide-special, --pieces, --method: expected a text, got"
              + " an image; see --patch, --layer and --head");
    }
  }

  /** Refuses what has no meaning for recorded inputs. */
  void requireForRecording() {
    boolean ofText = Stream.of(word, to, target, patch, html, png).anyMatch(Objects::nonNull);
    if (ofText || all || hideSpecial || pieces) {
      throw new UsageException(
          "expected a TEXT, got none; recorded inputs are shown by --layer, a map's number, and"
              + " --head alone");
    }
  }

  /** The view of a map that the options ask for. */
  AttentionView view(String title, AttentionMap map) {
    AttentionView view = new AttentionView(title, map, focus(map));
    view = word == null && head == null ? view.with(AttentionView.Option.OTHER_WORDS) : view;
    view = head == null ? view : view.with(AttentionView.Option.HEAT_MAP);
    view = all ? view.with(AttentionView.Option.ALL_HEADS) : view;
    return hideSpecial ? view.with(AttentionView.Option.HIDE_SPECIAL) : view;
  }

  private Focus focus(AttentionMap map) {
    Focus found =
        word == null
            ? FocusChoice.of(map)
            : Focus.on(map, unit("--word", word, FocusChoice.find(map, word), map.queryLabels()));
    if (to != null) {
      int key = unit("--to", to, FocusChoice.findKey(map, to), map.keyLabels());
      return Focus.between(map, found.query(), key);
    }
    if (layer == null || head == null) {
      return found;
    }
    below("layer", layer, map.layers());
    below("head", head, map.heads());
    return Focus.in(map, found.query(), layer, head);
  }

  private static int unit(String option, String word, OptionalInt found, List<String> labels) {
    return found.orElseThrow(() ->
        new BadInputException(option + ": expected one of " + labels + ", got \"" + word + '"'));
  }

  /** Refuses what is no number from 0 to below a limit. */
  static void below(String name, int value, int limit) {
    if (value < 0 || value >= limit) {
      throw new UsageException(
          String.format(
              Locale.ROOT, "--%s: expected a number from 0 to %d, got %d", name, limit - 1, value));
    }
  }
}
