package dev.heed.task.series;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What lies between the steps of a series: whole months, or seconds.
 *
 * @param months from one step to the next, or 0
 * @param seconds from one step to the next, or 0
 */
public record TimeStep(long months, long seconds) {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long WEEK = 7 * DAY;
  private static final long YEAR = 12;

  /**
   * Finds what lies between times that are all equally far apart.
   *
   * @param times at least two
   * @throws IllegalArgumentException if they are not, naming the first that is out of step
   */
  public static TimeStep of(List<LocalDateTime> times) {
    LocalDateTime first = times.getFirst();
    LocalDateTime second = times.get(1);
    long months = ChronoUnit.MONTHS.between(first.withDayOfMonth(1), second.withDayOfMonth(1));
    boolean monthly = months > 0 && first.plusMonths(months).equals(second);
    TimeStep step =
        monthly
            ? new TimeStep(months, 0)
            : new TimeStep(0, Duration.between(first, second).toSeconds());
    if (!monthly && step.seconds < 1) {
      throw new IllegalArgumentException(
          "times: expected each after the one before, got " + second + " after " + first);
    }
    for (int i = 2; i < times.size(); i++) {
      LocalDateTime expected = step.from(first, i);
      if (!expected.equals(times.get(i))) {
        throw new IllegalArgumentException(
            "times: expected one "
                + step
                + ", and so "
                + expected
                + " after "
                + times.get(i - 1)
                + ", got "
                + times.get(i)
                + "; fill in the steps that are missing, with empty values");
      }
    }
    return step;
  }

  private LocalDateTime from(LocalDateTime start, long count) {
    return months > 0 ? start.plusMonths(months * count) : start.plusSeconds(seconds * count);
  }

  /** The time so many steps after the last of some. */
  LocalDateTime after(List<LocalDateTime> times, int steps) {
    return from(times.getFirst(), times.size() - 1L + steps);
  }

  /** The features of times that forecasters usually read at this step (GluonTS's choice). */
  public List<TimeFeature> usualFeatures() {
    if (months > 0) {
      return months % YEAR == 0 ? List.of() : List.of(TimeFeature.MONTH_OF_YEAR);
    }
    if (seconds % WEEK == 0) {
      return List.of(TimeFeature.DAY_OF_MONTH, TimeFeature.WEEK_OF_YEAR);
    }
    List<TimeFeature> days =
        List.of(TimeFeature.DAY_OF_WEEK, TimeFeature.DAY_OF_MONTH, TimeFeature.DAY_OF_YEAR);
    List<TimeFeature> all = new ArrayList<>();
    if (seconds % MINUTE != 0) {
      all.add(TimeFeature.SECOND_OF_MINUTE);
    }
    if (seconds % HOUR != 0) {
      all.add(TimeFeature.MINUTE_OF_HOUR);
    }
    if (seconds % DAY != 0) {
      all.add(TimeFeature.HOUR_OF_DAY);
    }
    all.addAll(days);
    return all;
  }

  /** Steps of the season that is usual: a day, a week of days, a year; 0 where there is none. */
  public int usualSeason() {
    if (months > 0) {
      return YEAR % months == 0 && months < YEAR ? (int) (YEAR / months) : 0;
    }
    long length = seconds < DAY ? DAY : seconds == DAY ? WEEK : seconds == WEEK ? 52 * WEEK : 0;
    return length % seconds == 0 ? Math.toIntExact(length / seconds) : 0;
  }

  /** How a time of such steps is written: the day alone where the hour says nothing. */
  public String write(LocalDateTime time) {
    boolean day = months > 0 || seconds % DAY == 0;
    return day && time.toLocalTime().toSecondOfDay() == 0
        ? time.toLocalDate().toString()
        : time.toString();
  }

  @Override
  public String toString() {
    if (months > 0) {
      return every(
          months % YEAR == 0 ? months / YEAR : months, months % YEAR == 0 ? "year" : "month");
    }
    long[] units = {WEEK, DAY, HOUR, MINUTE, 1};
    String[] names = {"week", "day", "hour", "minute", "second"};
    int unit = 0;
    while (seconds % units[unit] != 0) {
      unit++;
    }
    return every(seconds / units[unit], names[unit]);
  }

  private static String every(long count, String unit) {
    return count == 1 ? "every " + unit : "every " + count + " " + unit + "s";
  }
}
