package dev.heed.cli.task;

import dev.heed.cli.BadInputException;
import dev.heed.task.TextPair;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The second text of pairs: a mixin of {@code --pair} and {@code --pairs}. */
final class PairOptions {
  @Option(names = "--pair", paramLabel = "TEXT", description = "The second text of a pair.")
  private @Nullable String second;

  @Option(names = "--pairs", description = "Each text holds two, with a tab between them.")
  private boolean tabs;

  /**
   * What an item holds.
   *
   * @throws BadInputException for an item without its tab
   */
  TextPair of(TaskItem item) {
    if (!tabs) {
      return new TextPair(item.text(), second);
    }
    String[] both = item.text().strip().split("\t", -1);
    if (both.length != 2) {
      throw new BadInputException(
          "--pairs: expected two texts with a tab between them, got " + both.length);
    }
    return new TextPair(both[0], both[1]);
  }
}
