package dev.heed.cli.verify;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.RecordedReference;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.tensor.DType;
import dev.heed.text.recorded.TokenizerVerification;
import dev.heed.verify.BlockVerification;
import dev.heed.verify.FeatureVerification;
import dev.heed.verify.GgufVerification;
import dev.heed.verify.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed verify}: compares models with what their references recorded. */
@Command(
    name = "verify",
    description = {
      "Compare models with recorded references: every output, loss, gradient and generation;",
      "tokenizers: every token; and what is made of images and sounds: every value.",
      "",
      "A folder holds config.json, model.safetensors, golden.safetensors and"
          + " golden-CASE.safetensors; or a tokenizer's files and expected.json; or"
          + " preprocessor_config.json and golden.safetensors of images or sounds; or GGUF models"
          + " and expected.json; or blocks of GGUF's tensor types; or folders of any of these."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything recorded that the engine computes is within the tolerance",
      "1:something is past the tolerance, or was recorded and not compared",
      "2:the command line was wrong",
      "3:a folder could not be used, the others were compared"
    },
    footer = {"", "Example:", "  heed verify models/bert models/bert-qa --tolerance 5"})
public final class VerifyCommand extends HeedCommand {
  private static final double SMALL = 1e-6;

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

  @Option(names = "--rows", description = "Print every compared tensor, also of folders that pass.")
  private boolean everyRow;

  @Option(
      names = "--lock",
      description =
          "Compare the folders' files with their heed.lock instead, as heed lock wrote it.")
  private boolean lock;

  /** What {@code --json} prints for one folder; {@code error} says why it could not be run. */
  private sealed interface Report {
    /** Whether everything recorded was compared and is as it should be. */
    boolean passed();
  }

  private record ModelReport(
      String folder,
      boolean passed,
      double tolerance,
      double largestRelative,
      List<Verification.Row> rows,
      List<String> notCompared,
      List<String> beyondEngine,
      @Nullable String error)
      implements Report {}

  private record ValueReport(
      String folder, boolean passed, List<Verification.Row> rows, List<String> notCompared)
      implements Report {}

  private record TokenizerReport(
      String folder,
      boolean passed,
      int compared,
      List<TokenizerVerification.Difference> differences,
      List<String> notCompared)
      implements Report {}

  @Override
  protected int run() {
    if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new UsageException("--tolerance must be above 0, got " + tolerance);
    }
    if (lock) {
      return new LockedFolders(folders).report(out(), json() ? this::printJson : null);
    }
    List<Path> found = RecordedFolders.in(folders, err());
    List<Report> reports = new ArrayList<>();
    boolean unusable = false;
    try (Progress progress = new Progress("verify", found.size())) {
      for (Path folder : found) {
        Report report;
        try {
          report = report(folder);
        } catch (CheckpointException | IllegalArgumentException e) {
          // A model that cannot be run is no reason to leave out the others.
          unusable = true;
          report = failed(folder, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
          report = failed(folder, "a defect of Heed: " + e);
        }
        reports.add(report);
        progress.accept(reports.size());
        if (!json()) {
          print(report);
        }
      }
    }
    if (json()) {
      printJson(reports);
    } else if (found.size() > 1) {
      out()
          .printf(
              "%d of %d folders passed%n",
              reports.stream().filter(Report::passed).count(), found.size());
    }
    out().flush();
    if (unusable) {
      return ExitStatus.BAD_INPUT;
    }
    return reports.stream().allMatch(Report::passed) ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }

  private Report report(Path folder) {
    return switch (RecordedFolders.Kind.of(folder)) {
      case TOKENIZER -> tokenizer(folder);
      case FEATURES -> values(folder, new FeatureVerification(folder).run());
      case GGUF -> values(folder, new GgufVerification(folder).run());
      case BLOCKS -> values(folder, new BlockVerification(folder).run());
      case MODEL, NONE -> compare(folder);
    };
  }

  private Report compare(Path folder) {
    DType dtype = inDouble ? DType.F64 : DType.F32;
    Verification.Outcome outcome =
        new Verification(RecordedReference.open(folder), tolerance, dtype).run();
    double largest =
        outcome.rows().stream()
            // What is zero in theory has no scale of its own.
            .filter(row -> !row.passed() || row.absolute() > SMALL || row.relative() < 1)
            .mapToDouble(Verification.Row::relative)
            .max()
            .orElse(Double.NaN);
    return new ModelReport(
        folder.toString(),
        outcome.passed(),
        tolerance,
        largest,
        outcome.rows(),
        outcome.notCompared(),
        outcome.beyondEngine(),
        null);
  }

  private Report failed(Path folder, String error) {
    return new ModelReport(
        folder.toString(), false, tolerance, Double.NaN, List.of(), List.of(), List.of(), error);
  }

  private static Report tokenizer(Path folder) {
    TokenizerVerification.Outcome outcome = new TokenizerVerification(folder).run();
    return new TokenizerReport(
        folder.toString(),
        outcome.passed(),
        outcome.compared(),
        outcome.differences(),
        outcome.notCompared());
  }

  private static Report values(Path folder, Verification.Outcome outcome) {
    return new ValueReport(
        folder.toString(), outcome.passed(), outcome.rows(), outcome.notCompared());
  }

  private void print(Report report) {
    out().styled(ansi().string(report.passed() ? "@|green passed|@" : "@|red FAILED|@"));
    switch (report) {
      case ModelReport model -> print(model);
      case ValueReport values -> print(values);
      case TokenizerReport tokenizer -> print(tokenizer);
    }
  }

  private Ansi ansi() {
    return spec().commandLine().getColorScheme().ansi();
  }

  private void print(TokenizerReport report) {
    out()
        .printf(
            "  %s: %d of %d recorded values equal%n",
            report.folder(), report.compared() - report.differences().size(), report.compared());
    for (TokenizerVerification.Difference difference : report.differences()) {
      out().styled("  " + ansi().string("@|red DIFFER|@"));
      out().println("  " + difference);
    }
    missed(report.notCompared());
  }

  private void missed(List<String> keys) {
    keys.forEach(key -> {
      out().styled("  " + ansi().string("@|red MISSED|@"));
      out().println("  not compared: " + key);
    });
  }

  private void print(ModelReport report) {
    if (report.error() != null) {
      out().println("  " + report.folder() + ": " + report.error());
      return;
    }
    out()
        .printf(
            "  %s: %d of %d within %s times the rounding, largest relative difference %.1e%n",
            report.folder(),
            report.rows().stream().filter(Verification.Row::passed).count(),
            report.rows().size(),
            tolerance,
            report.largestRelative());
    print(report.rows());
    missed(report.notCompared());
    if (!report.beyondEngine().isEmpty()) {
      out()
          .printf(
              "  %d recorded gradients need LibTorch: the Java engine computes none%n",
              report.beyondEngine().size());
    }
  }

  private void print(ValueReport report) {
    out()
        .printf(
            "  %s: %d of %d recorded values equal%n",
            report.folder(),
            report.rows().stream().filter(Verification.Row::passed).count(),
            report.rows().size());
    print(report.rows());
    missed(report.notCompared());
  }

  private void print(List<Verification.Row> rows) {
    boolean all = everyRow || folders.size() == 1;
    List<Verification.Row> shown = rows.stream().filter(row -> all || !row.passed()).toList();
    if (!shown.isEmpty()) {
      out().printf("  %-6s  %9s  %9s  %s%n", "", "absolute", "relative", "recorded");
    }
    for (Verification.Row row : shown) {
      out().styled("  " + ansi().string(row.passed() ? "@|green ok    |@" : "@|red DIFFER|@"));
      out()
          .printf("  %9.2e  %9.2e  %s %s%n", row.absolute(), row.relative(), row.file(), row.key());
    }
  }
}
