package dev.heed.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heed help}: the guide, or what one command does. */
@Command(
    name = "help",
    description = "Show this guide, or what one command does.",
    footer = {"", "Example:", "  heed help look"})
final class HelpCommand extends HeedCommand {
  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "For example look.")
  private List<String> path = List.of();

  @Override
  protected int run() {
    CommandLine shown = spec().root().commandLine();
    for (String name : path) {
      CommandLine next = shown.getSubcommands().get(name);
      if (next == null) {
        throw new UsageException(UsageMessage.unknownCommand(name, shown));
      }
      shown = next;
    }
    shown.usage(out(), spec().commandLine().getColorScheme());
    return ExitStatus.OK;
  }
}
