package dev.heed.cli.embed;

import dev.heed.cli.HeedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

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
    throw new ParameterException(spec().commandLine(), "a task is missing: name sts");
  }
}
