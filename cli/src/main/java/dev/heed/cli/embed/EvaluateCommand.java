package dev.heed.cli.embed;

import dev.heed.cli.HeedCommand;
import dev.heed.cli.UsageException;
import picocli.CommandLine.Command;

/** {@code heed evaluate}: measures a model on a data set. */
@Command(
    name = "evaluate",
    description = "Measure a model on a data set.",
    subcommands = {StsCommand.class},
    synopsisSubcommandLabel = "TASK",
    footer = {"", "Example:", "  heed evaluate sts valid.tsv"})
public final class EvaluateCommand extends HeedCommand {
  @Override
  protected int run() {
    throw new UsageException("a task is missing: name sts");
  }
}
