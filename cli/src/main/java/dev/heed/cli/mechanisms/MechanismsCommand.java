package dev.heed.cli.mechanisms;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.explain.TextWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heed mechanisms}: lists every mechanism with its cost. */
@Command(
    name = "mechanisms",
    description = "List every attention mechanism and sequence mixer with its cost.",
    subcommands = {ShowMechanismCommand.class, GalleryCommand.class},
    footer = {
      "",
      "Example:",
      "  heed mechanisms flash",
      "  heed mechanisms show luong",
      "  heed mechanisms gallery --png mechanisms.png"
    })
public final class MechanismsCommand extends HeedCommand {

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description = "List those that are called so, or say so, only.")
  private List<String> words = List.of();

  /** One line of {@code --json}. */
  private record Entry(String name, String theme, String title, String idea, String cost) {}

  @Override
  protected int run() {
    List<Page> found = Catalogue.search(words);
    if (found.isEmpty()) {
      throw Catalogue.unknown(String.join(" ", words));
    }
    if (json()) {
      List<Entry> entries = new ArrayList<>();
      forEachTheme(
          found,
          (theme, pages) ->
              pages.forEach(p ->
                  entries.add(
                      new Entry(p.name(), theme, p.title(), p.line("Idea"), p.line("Cost")))));
      printJson(entries);
      return ExitStatus.OK;
    }
    forEachTheme(found, this::print);
    String more =
        "`heed mechanisms show NAME` says more of one and draws it; `heed mechanisms WORD` finds"
            + " one.";
    TextWidth.wrap(List.of(more.split(" ")), columns()).forEach(out()::println);
    out().flush();
    return ExitStatus.OK;
  }

  private static void forEachTheme(List<Page> found, BiConsumer<String, List<Page>> action) {
    Catalogue.themes()
        .forEach((theme, pages) -> {
          List<Page> kept = pages.stream().filter(found::contains).toList();
          if (!kept.isEmpty()) {
            action.accept(theme, kept);
          }
        });
  }

  private void print(String theme, List<Page> pages) {
    int width = Catalogue.names().stream().mapToInt(String::length).max().orElse(1);
    out().println(theme);
    for (Page page : pages) {
      List<String> lines = new ArrayList<>(wrapped(page.title(), width));
      lines.addAll(wrapped("cost: " + page.firstSentence("Cost"), width));
      for (int i = 0; i < lines.size(); i++) {
        out().printf("  %-" + width + "s  %s%n", i == 0 ? page.name() : "", lines.get(i));
      }
    }
    out().println();
  }

  /** Text beside a column of names. */
  private static List<String> wrapped(String text, int names) {
    return TextWidth.wrap(List.of(text.split(" ")), columns() - names - 4);
  }
}
