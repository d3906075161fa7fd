package dev.heed.cli.mechanisms;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code heed mechanisms}: lists every mechanism with its cost. */
@Command(
    name = "mechanisms",
    description = "List every attention mechanism and sequence mixer with its cost.",
    subcommands = {ShowMechanismCommand.class, GalleryCommand.class},
    footer = {
      "",
      "Example:",
      "  heed mechanisms show luong",
      "  heed mechanisms gallery --png mechanisms.png"
    })
public final class MechanismsCommand extends HeedCommand {

  /** One line of {@code --json}. */
  private record Entry(String name, String theme, String title, String idea, String cost) {}

  @Override
  protected int run() {
    if (json()) {
      List<Entry> entries = new ArrayList<>();
      Catalogue.themes()
          .forEach((theme, pages) ->
              pages.forEach(p ->
                  entries.add(
                      new Entry(p.name(), theme, p.title(), p.line("Idea"), p.line("Cost")))));
      printJson(entries);
      return ExitStatus.OK;
    }
    int width = Catalogue.names().stream().mapToInt(String::length).max().orElse(1);
    Catalogue.themes()
        .forEach((theme, pages) -> {
          out().printf("%s%n", theme);
          for (Page page : pages) {
            out().printf("  %-" + width + "s  %s%n", page.name(), page.title());
            out().printf("  %" + width + "s  cost: %s%n", "", page.firstSentence("Cost"));
          }
          out().println();
        });
    out().println("`heed mechanisms show NAME` says more of one and draws it.");
    out().flush();
    return ExitStatus.OK;
  }
}
