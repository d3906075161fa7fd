package dev.heed.cli.doctor;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.HeedVersion;
import dev.heed.explain.TextWidth;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** {@code heed doctor}: what this machine offers Heed, and what to do about each problem. */
@Command(
    name = "doctor",
    description = "Check this machine: JDK, LibTorch, processor, threads, memory, encoder.",
    footer = {"", "Example:", "  heed doctor --json"})
public final class DoctorCommand extends HeedCommand {
  /** How far right the values stand. */
  private static final int INDENT = 23;

  private static final int FEWEST = 20;

  /** What {@code --json} prints. */
  private record Report(String version, boolean healthy, List<Finding> findings) {}

  @Override
  protected int run() {
    List<Finding> findings = Examination.all();
    boolean healthy = findings.stream().noneMatch(f -> f.state() == Finding.State.BROKEN);
    if (json()) {
      printJson(new Report(HeedVersion.current(), healthy, findings));
    } else {
      findings.forEach(this::print);
      out().println(healthy ? "Heed can work here." : "Heed cannot work here yet: see above.");
    }
    out().flush();
    return healthy ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }

  private void print(Finding finding) {
    String mark =
        switch (finding.state()) {
          case OK -> "@|green ok    |@";
          case WEAK -> "@|yellow weak  |@";
          case BROKEN -> "@|red broken|@";
        };
    Ansi ansi = spec().commandLine().getColorScheme().ansi();
    out().styled(ansi.string(mark));
    printBeside(String.format(Locale.ROOT, "  %-14s ", finding.name()), finding.value());
    if (finding.remedy() != null) {
      printBeside(" ".repeat(INDENT), "do: " + finding.remedy());
    }
  }

  /** Text beside the names, in lines that fit. */
  private void printBeside(String before, String text) {
    int width = Math.max(FEWEST, columns() - INDENT);
    String margin = System.lineSeparator() + " ".repeat(INDENT);
    out().println(before + String.join(margin, TextWidth.wrap(List.of(text.split(" ")), width)));
  }
}
