package dev.heed.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code heed bench}, so that it is listed: the benchmarks are a module of their own, with the
 * peers that they run against, which the launcher builds and starts instead of this.
 */
@Command(
    name = "bench",
    description = "Measure Heed against its peers, side by side.",
    footer = {"", "Examples:", "  ./heed bench --help", "  ./heed bench attention"})
final class BenchCommand extends HeedCommand {
  @Unmatched private List<String> rest = new ArrayList<>();

  @Override
  protected int run() {
    throw new UsageException(
        "bench: expected to be started by the launcher, got "
            + rest.size()
            + " arguments from java; run ./heed bench in a checkout of Heed");
  }
}
