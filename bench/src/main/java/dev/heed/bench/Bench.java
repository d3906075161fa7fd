package dev.heed.bench;

import dev.heed.bench.attention.AttentionBench;
import dev.heed.bench.attention.WeightsBench;
import dev.heed.bench.embed.EmbedBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code heed bench}: runs against peers in one process. */
@Command(
    name = "heed bench",
    description = "Measures Heed against its peers, side by side.",
    subcommands = {AttentionBench.class, WeightsBench.class, EmbedBench.class})
public final class Bench {
  private Bench() {}

  /** Runs the benchmark that the arguments name. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
