package dev.heed.bench.attention;

import dev.heed.attention.kernel.MultiplyAddPeak;
import dev.heed.attention.kernel.PathChoice;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.cli.HeedCommand;
import dev.heed.tensor.Backend;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times exact attention against LibTorch's fused kernel and the plain formula. */
@Command(
    name = "attention",
    description = "Exact attention against LibTorch's fused kernel, interleaved in one run.",
    footer = "%nExample: heed bench attention --threads 1 --only grid --type f32")
public final class AttentionBench extends HeedCommand {
  private static final double MEGABYTE = 1 << 20;

  @Option(
      names = "--only",
      paramLabel = "GROUP",
      description = "grid, masked, sparse, doubling, long or decode (default: all).")
  private String only = "";

  @Option(names = "--type", paramLabel = "TYPE", description = "f32 or bf16 (default: both).")
  private String type = "";

  @Option(
      names = "--direction",
      paramLabel = "DIRECTION",
      description = "forward or training (default: both).")
  private String direction = "";

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Only rows of this many keys (default: all).")
  private int length;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for each row, after as long to warm up (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private double seconds;

  @Override
  protected int run() {
    double peak = MultiplyAddPeak.measure() * Backend.threads();
    List<AttentionResult> results = new ArrayList<>();
    if (!json()) {
      out()
          .printf(
              Locale.ROOT,
              "path %s (%s); LibTorch %s, %s; peak %.0f GFLOP/s on %d thread(s)%n%s%n",
              PathChoice.live().path(),
              PathChoice.live().reason(),
              Backend.version(),
              Backend.cpuCapability(),
              peak / 1e9,
              Backend.threads(),
              AttentionResult.HEADER);
    }
    for (AttentionCase row : AttentionCase.all()) {
      if (wanted(row)) {
        AttentionResult result = measure(row, peak);
        results.add(result);
        if (!json()) {
          out().println(result.line());
          out().flush();
        }
      }
    }
    Map<String, Double> means = means(results);
    if (only.isEmpty() || only.equals("doubling")) {
      means.putAll(Doubling.measure(seconds));
    }
    if (json()) {
      printJson(Map.of("peakGigaflops", peak / 1e9, "rows", results, "summary", means));
    } else {
      means.forEach((key, mean) -> out().printf(Locale.ROOT, "%-44s %8.2f%n", key, mean));
      out().flush();
    }
    return 0;
  }

  private boolean wanted(AttentionCase row) {
    return (only.isEmpty() || row.group().equals(only))
        && (length == 0 || row.keys() == length)
        && (type.isEmpty() || row.dtype().toString().equals(type))
        && (direction.isEmpty() || row.training() == direction.equals("training"));
  }

  private AttentionResult measure(AttentionCase row, double peak) {
    try (Contest contest = new Contest(row)) {
      double output = (double) row.heads() * row.queries() * row.width() * row.dtype().bytes();
      double gradients = row.training() ? 3 * output : 0;
      double extra = PeakMemory.during(contest.heed()) - output - gradients;
      Times times = times(contest);
      Timing heed = times.heed();
      double rate = operations(row) / heed.median() * 1e3;
      return new AttentionResult(
          Backend.threads(),
          row.group(),
          row.label(),
          row.dtype().toString(),
          row.pattern().toString(),
          row.training() ? "training" : "forward",
          heed,
          times.libTorch(),
          times.making(),
          times.naive(),
          over(times.libTorch(), heed),
          over(times.making(), heed),
          rate / 1e9,
          rate / peak,
          Math.max(0, extra) / MEGABYTE);
    }
  }

  private record Times(
      Timing heed, @Nullable Timing libTorch, @Nullable Timing making, @Nullable Timing naive) {}

  private Times times(Contest contest) {
    Runnable libTorch = contest.libTorch();
    Runnable making = contest.libTorchMaking();
    Runnable naive = contest.naive();
    List<Runnable> present = new ArrayList<>(List.of(contest.heed()));
    Stream.of(libTorch, making, naive).filter(Objects::nonNull).forEach(present::add);
    Iterator<Timing> found = new Interleaved(seconds, seconds).time(present).iterator();
    return new Times(
        found.next(),
        libTorch == null ? null : found.next(),
        making == null ? null : found.next(),
        naive == null ? null : found.next());
  }

  private static double over(@Nullable Timing other, Timing heed) {
    return other == null ? Double.NaN : other.median() / heed.median();
  }

  /** Multiplications and additions of the matrix products over the pairs that count. */
  private static double operations(AttentionCase row) {
    double products = row.training() ? 4 + 10 : 4;
    return products * row.heads() * pairs(row) * row.width();
  }

  private static double pairs(AttentionCase row) {
    AttentionMask mask = row.mask();
    if (mask == null) {
      return (double) row.queries() * row.keys();
    }
    long step = Math.max(1, row.queries() / (512 / Math.min(16, row.sequences())));
    double found = 0;
    long rows = 0;
    for (int sequence = 0; sequence < row.sequences(); sequence++) {
      for (long query = step / 2; query < row.queries(); query += step) {
        rows++;
        for (int key = 0; key < row.keys(); key++) {
          found += mask.allows(sequence, 0, (int) query, key) ? 1 : 0;
        }
      }
    }
    return found / rows * row.queries();
  }

  /** The geometric means and the least of the ratios, by what the targets are stated for. */
  private static Map<String, Double> means(List<AttentionResult> results) {
    Map<String, List<Double>> logarithms = new TreeMap<>();
    Map<String, Double> least = new TreeMap<>();
    for (AttentionResult result : results) {
      if (!Double.isNaN(result.ratio())) {
        String key = result.group() + " " + result.dtype() + " " + result.direction();
        logarithms.computeIfAbsent(key, k -> new ArrayList<>()).add(Math.log(result.ratio()));
        least.merge("least " + key, result.ratio(), Math::min);
      }
    }
    Map<String, Double> means = new TreeMap<>(least);
    logarithms.forEach((key, logs) ->
        means.put(
            "mean " + key,
            Math.exp(logs.stream().mapToDouble(Double::doubleValue).average().orElse(0))));
    return means;
  }
}
