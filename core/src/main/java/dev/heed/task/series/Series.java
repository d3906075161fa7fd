package dev.heed.task.series;

import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A series of one or more values a step.
 *
 * @param names of the values
 * @param values {@code [name][step]}; NaN where nothing was observed
 * @param times of the steps, or empty where they are not known
 * @param step from one time to the next, or null where they are not known
 */
public record Series(
    List<String> names, double[][] values, List<LocalDateTime> times, @Nullable TimeStep step) {
  /** Checks that all belongs together. */
  public Series {
    names = List.copyOf(names);
    times = List.copyOf(times);
    if (values.length != names.size() || names.isEmpty()) {
      throw new IllegalArgumentException(
          "series: expected values of each of " + names + ", got " + values.length);
    }
    for (double[] each : values) {
      if (each.length != values[0].length || (!times.isEmpty() && each.length != times.size())) {
        throw new IllegalArgumentException(
            "series: expected as many steps of each value as times, got "
                + each.length
                + " of "
                + (times.isEmpty() ? values[0].length : times.size()));
      }
    }
  }

  /** Values without times. */
  public static Series of(String name, double... values) {
    return new Series(List.of(name), new double[][] {values}, List.of(), null);
  }

  /** The same without the last steps of which no value was observed. */
  public Series observed() {
    int end = length();
    while (end > 0 && isEmpty(end - 1)) {
      end--;
    }
    return first(end);
  }

  /** The same without what follows its first steps. */
  public Series first(int steps) {
    return steps == length()
        ? this
        : new Series(
            names,
            Arrays.stream(values).map(each -> Arrays.copyOf(each, steps)).toArray(double[][]::new),
            times.isEmpty() ? times : times.subList(0, steps),
            step);
  }

  private boolean isEmpty(int step) {
    return Arrays.stream(values).allMatch(each -> Double.isNaN(each[step]));
  }

  /** How many steps. */
  public int length() {
    return values[0].length;
  }

  /** The time so many steps after the last one, from 1; null where times are not known. */
  public @Nullable LocalDateTime after(int steps) {
    return step == null || times.isEmpty() ? null : step.after(times, steps);
  }
}
