package dev.heed.cli.mechanisms;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.nn.ClosestNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code heed mechanisms show}: one mechanism's idea, formula, options, cost and pattern. */
@Command(
    name = "show",
    description = "Show one mechanism: idea, formula, cost, source, and its pattern.",
    footer = {"", "Example:", "  heed mechanisms show longformer"})
public final class ShowMechanismCommand extends HeedCommand {
  private static final int LINE = 96;

  @Parameters(paramLabel = "NAME", description = "A name that `heed mechanisms` lists.")
  private String name = "";

  /** What {@code --json} prints. */
  private record Report(
      String name, String title, Map<String, String> parts, @Nullable List<String> pattern) {}

  @Override
  protected int run() {
    Page page = Catalogue.find(name).orElseThrow(this::unknown);
    Optional<AttentionMask> mask = Patterns.of(name);
    List<String> drawn = mask.map(Patterns::draw).orElse(List.of());
    if (json()) {
      printJson(new Report(name, page.title(), page.lines(), drawn.isEmpty() ? null : drawn));
      return ExitStatus.OK;
    }
    out().printf("%s%n", page.title());
    page.lines().forEach((part, text) -> out().printf("%n%s%n%s%n", part, wrap(text)));
    if (!drawn.isEmpty()) {
      out().printf("%nPattern (rows are queries, columns are keys)%n");
      drawn.forEach(row -> out().printf("  %s%n", row));
    }
    out().flush();
    return ExitStatus.OK;
  }

  private ParameterException unknown() {
    List<String> names = Catalogue.pages().stream().map(Page::name).toList();
    List<String> close = ClosestNames.to(name, names);
    return new ParameterException(
        spec().commandLine(),
        "no mechanism is called "
            + name
            + (close.isEmpty()
                ? "; `heed mechanisms` lists them"
                : "; did you mean " + String.join(" or ", close) + "?"));
  }

  private static String wrap(String text) {
    StringBuilder wrapped = new StringBuilder("  ");
    int column = 2;
    for (String word : text.split(" ")) {
      if (column + word.length() > LINE) {
        wrapped.append(System.lineSeparator()).append("  ");
        column = 2;
      }
      wrapped.append(word).append(' ');
      column += word.length() + 1;
    }
    return wrapped.toString().stripTrailing();
  }
}
