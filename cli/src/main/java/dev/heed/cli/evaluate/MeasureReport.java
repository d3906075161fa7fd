package dev.heed.cli.evaluate;

import dev.heed.cli.Output;
import dev.heed.evaluate.Bootstrap;
import dev.heed.evaluate.PairedComparison;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code heed evaluate} prints; null stands for what is not defined.
 *
 * @param measure the command's name
 * @param items how many
 * @param signature what determines the values, or null
 * @param values by name
 * @param confidence of the intervals
 */
record MeasureReport(
    String measure,
    int items,
    @Nullable String signature,
    Map<String, Value> values,
    double confidence) {

  /**
   * One value.
   *
   * @param value over all items
   * @param low where its interval begins
   * @param high where its interval ends
   * @param difference to the baseline, if there is one
   */
  record Value(
      @Nullable Double value,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable Difference difference) {}

  /**
   * How much higher the value is than the baseline's.
   *
   * @param value over all items
   * @param low where its interval begins
   * @param high where its interval ends
   * @param p how probable so large a difference would be between equal systems
   */
  record Difference(
      @Nullable Double value, @Nullable Double low, @Nullable Double high, @Nullable Double p) {
    static Difference of(PairedComparison compared, double confidence) {
      Bootstrap.Interval interval = compared.bootstrap().percentile(confidence);
      return new Difference(
          orNull(compared.difference()),
          orNull(interval.low()),
          orNull(interval.high()),
          compared.resampled().length == 0 ? null : orNull(compared.centeredP()));
    }
  }

  static MeasureReport of(
      String measure,
      int items,
      @Nullable String signature,
      Map<String, Bootstrap> values,
      Map<String, Double> further,
      Map<String, PairedComparison> compared,
      double confidence) {
    Map<String, Value> shown = new LinkedHashMap<>();
    values.forEach((name, value) -> {
      Bootstrap.Interval interval = value.percentile(confidence);
      PairedComparison pair = compared.get(name);
      shown.put(
          name,
          new Value(
              orNull(value.value()),
              orNull(interval.low()),
              orNull(interval.high()),
              pair == null ? null : Difference.of(pair, confidence)));
    });
    further.forEach((name, value) -> shown.put(name, new Value(orNull(value), null, null, null)));
    return new MeasureReport(measure, items, signature, shown, confidence);
  }

  static @Nullable Double orNull(double value) {
    return Double.isFinite(value) ? value : null;
  }

  void print(Output out) {
    out.printf("%,d %s%s%n", items, items == 1 ? "item" : "items", told());
    int widest = values.keySet().stream().mapToInt(String::length).max().orElse(0);
    values.forEach((name, value) -> {
      out.printf("%-" + widest + "s  %s", name, number(value.value));
      if (value.low != null) {
        out.printf("  [%s, %s]", number(value.low), number(value.high));
      }
      if (value.difference != null) {
        Difference difference = value.difference;
        out.printf(
            "  baseline %s [%s, %s]",
            signed(difference.value), signed(difference.low), signed(difference.high));
        if (difference.p != null) {
          out.printf(" p=%.3f", difference.p);
        }
      }
      out.println();
    });
    if (signature != null) {
      out.println(signature);
    }
  }

  private String told() {
    boolean intervals = values.values().stream().anyMatch(value -> value.low != null);
    return intervals ? "; intervals hold the value with probability " + confidence : "";
  }

  private static String number(@Nullable Double value) {
    return value == null ? "undefined" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static String signed(@Nullable Double value) {
    return value == null ? "undefined" : String.format(Locale.ROOT, "%+.4f", value);
  }
}
