package dev.heed.cli.task;

import dev.heed.cli.UsageException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a task writes: a mixin of {@code --beams} and {@code --max-new-tokens}. */
final class LengthOptions {
  /** How many times as many texts wait as are written at once. */
  static final int ROUNDS = 4;

  @Option(
      names = "--beams",
      paramLabel = "N",
      description = "Search with N beams (default: as the model's files say).")
  private @Nullable Integer beams;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Most tokens to write (default: as the model's files say, else 256).")
  private @Nullable Integer most;

  @Nullable Integer beams() {
    return checked("--beams", beams);
  }

  @Nullable Integer most() {
    return checked("--max-new-tokens", most);
  }

  static @Nullable Integer checked(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new UsageException(option + ": expected 1 or more, got " + value);
    }
    return value;
  }
}
