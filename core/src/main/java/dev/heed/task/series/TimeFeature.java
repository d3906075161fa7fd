package dev.heed.task.series;

import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A number of a step's time: where it stands in a cycle, from -0.5 to 0.5 as GluonTS has it, or how
 * old the series is.
 */
public enum TimeFeature {
  /** Seconds from 0 to 59. */
  SECOND_OF_MINUTE(time -> time.getSecond() / 59.0),
  /** Minutes from 0 to 59. */
  MINUTE_OF_HOUR(time -> time.getMinute() / 59.0),
  /** Hours from 0 to 23. */
  HOUR_OF_DAY(time -> time.getHour() / 23.0),
  /** Days from Monday on. */
  DAY_OF_WEEK(time -> (time.getDayOfWeek().getValue() - 1) / 6.0),
  /** Days from 1 to 31. */
  DAY_OF_MONTH(time -> (time.getDayOfMonth() - 1) / 30.0),
  /** Days from 1 to 366. */
  DAY_OF_YEAR(time -> (time.get(ChronoField.DAY_OF_YEAR) - 1) / 365.0),
  /** ISO weeks from 1 to 53. */
  WEEK_OF_YEAR(time -> (time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR) - 1) / 52.0),
  /** Months from 1 to 12. */
  MONTH_OF_YEAR(time -> (time.getMonthValue() - 1) / 11.0),
  /** {@code log₁₀(2 + steps since the series' first)}. */
  AGE(time -> 0);

  private final ToDoubleFunction<LocalDateTime> share;

  TimeFeature(ToDoubleFunction<LocalDateTime> share) {
    this.share = share;
  }

  /** Whether it follows from a step's number, whatever its time. */
  public boolean isAge() {
    return this == AGE;
  }

  /**
   * Its value.
   *
   * @param time of the step
   */
  public double of(LocalDateTime time) {
    return share.applyAsDouble(time) - 0.5;
  }

  /**
   * Its value where it is the age.
   *
   * @param step from 0 at the series' first
   */
  public static double age(long step) {
    return Math.log10(2.0 + step);
  }

  /** The name that options use, for example {@code hour_of_day}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The feature of this name.
   *
   * @throws IllegalArgumentException if there is none, with those there are
   */
  public static TimeFeature named(String word) {
    return Arrays.stream(values())
        .filter(feature -> feature.word().equals(word.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "time-features: expected one of "
                    + Arrays.stream(values()).map(TimeFeature::word).toList()
                    + ", got "
                    + word));
  }
}
