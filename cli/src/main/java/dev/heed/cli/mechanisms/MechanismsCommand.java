package dev.heed.cli.mechanisms;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code heed mechanisms}: lists every mechanism with its cost. */
@Command(
    name = "mechanisms",
    description = "List every attention mechanism and sequence mixer with its cost.",
    subcommands = {ShowMechanismCommand.class},
    footer = {"", "Example:", "  heed mechanisms show luong"})
public final class MechanismsCommand extends HeedCommand {

  /** One line of {@code --json}. */
  private record Entry(String name, String title, String idea, String cost) {}

  @Override
  protected int run() {
    List<Page> pages = Catalogue.pages();
    if (json()) {
      printJson(
          pages.stream()
              .map(p -> new Entry(p.name(), p.title(), p.line("Idea"), p.line("Cost")))
              .toList());
      return ExitStatus.OK;
    }
    int width = pages.stream().mapToInt(page -> page.name().length()).max().orElse(1);
    for (Page page : pages) {
      out().printf("%-" + width + "s  %s%n", page.name(), page.title());
      out().printf("%" + width + "s  cost: %s%n", "", page.firstSentence("Cost"));
    }
    out().flush();
    return ExitStatus.OK;
  }
}
