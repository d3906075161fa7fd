package dev.heed.bench.attention;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured row.
 *
 * @param threads threads used by all contestants
 * @param group the target it belongs to
 * @param shape heads × queries [× keys] × head size
 * @param dtype of all tensors
 * @param pattern who sees whom
 * @param direction {@code forward} or {@code forward + backward}
 * @param heed Heed's times
 * @param libTorch those of LibTorch's fused kernel, null where its mask does not fit
 * @param making those of LibTorch's fused kernel when it makes its mask in each call: a row of
 *     padding to be broadcast, or the matrix of a window or of biases; null elsewhere
 * @param naive those of the plain formula, null where its scores do not fit
 * @param ratio LibTorch's median over Heed's
 * @param ratioMaking that of {@code making} over Heed's
 * @param gigaflops operations that the pattern leaves, a second
 * @param shareOfPeak of what all threads reach multiplying and adding
 * @param extraMegabytes by how much the first call raised the process's peak memory, inputs and
 *     outputs left out; NaN where the system does not tell
 */
record AttentionResult(
    int threads,
    String group,
    String shape,
    String dtype,
    String pattern,
    String direction,
    Timing heed,
    @Nullable Timing libTorch,
    @Nullable Timing making,
    @Nullable Timing naive,
    double ratio,
    double ratioMaking,
    double gigaflops,
    double shareOfPeak,
    double extraMegabytes) {

  static final String HEADER =
      String.format(
          Locale.ROOT,
          "%2s %-7s %-22s %-5s %-24s %-9s %10s %4s %10s %4s %10s %9s %6s %6s %7s %5s %8s",
          "th",
          "group",
          "heads × n × d",
          "type",
          "pattern",
          "direction",
          "Heed ms",
          "±%",
          "LibTorch",
          "±%",
          "making",
          "naive",
          "ratio",
          "making",
          "GFLOP/s",
          "peak",
          "extra MB");

  String line() {
    return String.format(
        Locale.ROOT,
        "%2d %-7s %-22s %-5s %-24s %-9s %10s %4s %10s %4s %10s %9s %6s %6s %7.0f %4.0f%% %8.1f",
        threads,
        group,
        shape,
        dtype,
        pattern,
        direction,
        median(heed),
        spread(heed),
        median(libTorch),
        spread(libTorch),
        median(making),
        median(naive),
        ratio(ratio),
        ratio(ratioMaking),
        gigaflops,
        100 * shareOfPeak,
        extraMegabytes);
  }

  private static String median(@Nullable Timing timing) {
    return timing == null ? "-" : String.format(Locale.ROOT, "%.3f", timing.median());
  }

  private static String ratio(double ratio) {
    return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
  }

  private static String spread(@Nullable Timing timing) {
    return timing == null
        ? "-"
        : String.format(Locale.ROOT, "%.0f", 50 * (timing.high() - timing.low()) / timing.median());
  }
}
