package dev.heed.cli.verify;

import dev.heed.checkpoint.RecordedReference;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.UsageException;
import dev.heed.tensor.DType;
import dev.heed.verify.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed verify}: compares models with what their references recorded. */
@Command(
    name = "verify",
    description = {
      "Compare models with recorded references: every output, loss, gradient and generation.",
      "",
      "A folder holds config.json, model.safetensors, golden.safetensors and"
          + " golden-CASE.safetensors."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything recorded was compared and is within the tolerance",
      "1:something is past the tolerance, or was recorded and not compared",
      "2:the command line was wrong",
      "3:a folder could not be used"
    },
    footer = {"", "Example:", "  heed verify models/bert models/bert-qa --tolerance 5"})
public final class VerifyCommand extends HeedCommand {
  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Recorded references.")
  private List<Path> folders = List.of();

  @Option(
      names = "--tolerance",
      paramLabel = "TIMES",
      description =
          "Largest difference as a multiple of the reference's own rounding (default: 10);"
              + " differences below 1e-7 pass.")
  private double tolerance = Verification.USUAL_TOLERANCE;

  @Option(
      names = "--double",
      description = "Compute in double precision, where twice that rounding is allowed.")
  private boolean inDouble;

  /** What {@code --json} prints for one folder. */
  private record Report(
      String folder,
      boolean passed,
      double tolerance,
      List<Verification.Row> rows,
      List<String> notCompared) {}

  @Override
  protected int run() {
    DType dtype = inDouble ? DType.F64 : DType.F32;
    if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new UsageException("--tolerance must be above 0, got " + tolerance);
    }
    List<Report> reports = new ArrayList<>();
    for (Path folder : folders) {
      Verification.Outcome outcome =
          new Verification(RecordedReference.open(folder), tolerance, dtype).run();
      Report report =
          new Report(
              folder.toString(),
              outcome.passed(),
              tolerance,
              outcome.rows(),
              outcome.notCompared());
      reports.add(report);
      if (!json()) {
        print(report);
      }
    }
    if (json()) {
      printJson(reports);
    }
    out().flush();
    return reports.stream().allMatch(Report::passed) ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }

  private void print(Report report) {
    Ansi ansi = spec().commandLine().getColorScheme().ansi();
    out().println(report.folder());
    out().printf("  %-6s  %9s  %9s  %s%n", "", "absolute", "relative", "recorded");
    for (Verification.Row row : report.rows()) {
      out().styled("  " + ansi.string(row.passed() ? "@|green ok    |@" : "@|red DIFFER|@"));
      out()
          .printf("  %9.2e  %9.2e  %s %s%n", row.absolute(), row.relative(), row.file(), row.key());
    }
    report
        .notCompared()
        .forEach(key -> {
          out().styled("  " + ansi.string("@|red MISSED|@"));
          out().println("  not compared: " + key);
        });
    out()
        .printf(
            "  %d of %d within %s times the rounding, %d recorded keys not compared: %s%n",
            report.rows().stream().filter(Verification.Row::passed).count(),
            report.rows().size(),
            tolerance,
            report.notCompared().size(),
            report.passed() ? "passed" : "failed");
  }
}
