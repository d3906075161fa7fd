package dev.heed.cli.doctor;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.HeedVersion;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** {@code heed doctor}: what this machine offers Heed, and what to do about each problem. */
@Command(
    name = "doctor",
    description = "Check this machine: JDK, LibTorch, processor, threads, memory, encoder.",
    footer = {"", "Example:", "  heed doctor --json"})
public final class DoctorCommand extends HeedCommand {

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
    out().printf("  %-14s %s%n", finding.name(), finding.value());
    if (finding.remedy() != null) {
      out().printf("%24s%s%n", "", "do: " + finding.remedy());
    }
  }
}
