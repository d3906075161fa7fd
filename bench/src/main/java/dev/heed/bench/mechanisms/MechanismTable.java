package dev.heed.bench.mechanisms;

import dev.heed.bench.attention.Timing;
import dev.heed.bench.mechanisms.MechanismReport.GrowthRow;
import dev.heed.bench.mechanisms.MechanismRow.Outcome;
import dev.heed.cli.Output;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prints rows and exponents for people. */
final class MechanismTable {
  private static final String ROW = "%-24s %6s %-2s %10s %4s %8s %10s %4s %8s %9s %9s  %s%n";
  private static final String GROWTH = "%-24s %-11s %9s %9s %9s %11s %11s%n";
  private static final String NONE = "—";

  private final Output out;

  MechanismTable(Output out) {
    this.out = out;
  }

  void header() {
    out.printf(
        ROW,
        "mechanism",
        "n",
        "",
        "forward ms",
        "±%",
        "MB",
        "training",
        "±%",
        "MB",
        "e random",
        "e recur.",
        "");
  }

  void rows(List<MechanismRow> rows) {
    rows.forEach(this::row);
    out.flush();
  }

  private void row(MechanismRow row) {
    out.printf(
        Locale.ROOT,
        ROW,
        row.mechanism(),
        row.length(),
        row.causal() ? "→" : "↔",
        median(row.forward()),
        spread(row.forward()),
        memory(row.forward()),
        median(row.training()),
        spread(row.training()),
        memory(row.training()),
        error(row.error().random()),
        error(row.error().recurring()),
        note(row));
  }

  private static String note(MechanismRow row) {
    String forward = row.forward().skipped();
    String training = row.training().skipped();
    if (forward != null && forward.equals(training)) {
      return forward;
    }
    List<String> notes =
        Stream.of(
                forward == null ? "" : "forward " + forward,
                training == null ? "" : "training " + training,
                row.error().none() == null ? "" : "error " + NONE + " " + row.error().none())
            .filter(note -> !note.isEmpty())
            .toList();
    return String.join("; ", notes);
  }

  private static String median(Outcome outcome) {
    Timing timing = outcome.timing();
    return timing == null ? NONE : decimals(timing.median());
  }

  private static String decimals(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }

  private static String spread(Outcome outcome) {
    Timing timing = outcome.timing();
    return timing == null || timing.runs() < 3
        ? NONE
        : String.format(Locale.ROOT, "%.0f", 50 * (timing.high() - timing.low()) / timing.median());
  }

  private static String memory(Outcome outcome) {
    return Double.isNaN(outcome.peakMegabytes())
        ? NONE
        : String.format(Locale.ROOT, "%.1f", outcome.peakMegabytes());
  }

  private static String error(@Nullable Double error) {
    return error == null ? NONE : String.format(Locale.ROOT, error < 1e-3 ? "%.0e" : "%.3f", error);
  }

  /** The exponents, beside the published growth. */
  void growth(List<GrowthRow> rows) {
    out.printf("%nExponents s of cost ≈ c · nˢ, over the longer half of the lengths%n");
    out.printf(
        GROWTH,
        "mechanism",
        "published",
        "expected",
        "forward",
        "training",
        "forward MB",
        "training MB");
    for (GrowthRow row : rows) {
      out.printf(
          GROWTH,
          row.mechanism(),
          row.published(),
          slope(row.expected()),
          slope(row.forward()),
          slope(row.training()),
          slope(row.forwardMemory()),
          slope(row.trainingMemory()));
    }
    out.flush();
  }

  private static String slope(@Nullable GrowthFit fit) {
    return fit == null ? NONE : String.format(Locale.ROOT, "%.2f", fit.slope());
  }
}
