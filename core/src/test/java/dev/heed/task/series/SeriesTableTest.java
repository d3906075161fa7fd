package dev.heed.task.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class SeriesTableTest {
  private static SeriesTable read(String text) throws IOException {
    return SeriesTable.read(new BufferedReader(new StringReader(text)));
  }

  @Test
  void separators_quotes_blank_lines_and_missing_values() throws IOException {
    SeriesTable table =
        read("\uFEFF\"the, value\";when;b\n 1.5 ;2024-01-31;NA\n\n\"-2e3\";2024-02-29;\"\"\n");
    assertThat(table.names()).containsExactly("the, value", "b");
    assertThat(table.columns().getFirst().values()).containsExactly(1.5, -2000);
    assertThat(table.columns().getLast().values()).containsExactly(Double.NaN, Double.NaN);
    Series series = table.series(table.chosen(List.of("b", "the, value")));
    assertThat(series.names()).containsExactly("b", "the, value");
    assertThat(series.step()).hasToString("every month");
    assertThat(series.after(1)).isEqualTo(LocalDateTime.of(2024, 3, 31, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-01 23:00, 2024-01-02 00:00, every hour, 2024-01-02T01:00",
    "2024-01-01T00:00:30Z, 2024-01-01T00:01:15Z, every 45 seconds, 2024-01-01T00:02",
    "2024-02-28, 2024-02-29, every day, 2024-03-01",
    "2023-12-31T12:00, 2024-01-14T12:00, every 2 weeks, 2024-01-28T12:00",
    "2020-02-29, 2021-02-28, every year, 2022-02-28",
    "2024-11-15, 2025-02-15, every 3 months, 2025-05-15"
  })
  void times_follow_each_other(String first, String second, String step, String next)
      throws IOException {
    Series series = series("t,x\n" + first + ",1\n" + second + ",2\n");
    TimeStep between = Objects.requireNonNull(series.step());
    assertThat(between).hasToString(step);
    assertThat(between.write(Objects.requireNonNull(series.after(1)))).isEqualTo(next);
  }

  private static Series series(String text) throws IOException {
    SeriesTable table = read(text);
    return table.series(table.columns());
  }

  @Test
  void usual_features_follow_from_the_step() {
    assertThat(new TimeStep(0, 3600).usualFeatures())
        .extracting(TimeFeature::word)
        .containsExactly("hour_of_day", "day_of_week", "day_of_month", "day_of_year");
    assertThat(new TimeStep(0, 90).usualFeatures()).hasSize(6);
    assertThat(new TimeStep(0, 86400).usualFeatures()).hasSize(3);
    assertThat(new TimeStep(0, 604800).usualFeatures()).hasSize(2);
    assertThat(new TimeStep(3, 0).usualFeatures()).containsExactly(TimeFeature.MONTH_OF_YEAR);
    assertThat(new TimeStep(12, 0).usualFeatures()).isEmpty();
    LocalDateTime end = LocalDateTime.of(2024, 12, 31, 23, 59, 59);
    for (TimeFeature feature : TimeFeature.values()) {
      boolean late = feature != TimeFeature.WEEK_OF_YEAR && feature != TimeFeature.DAY_OF_WEEK;
      if (late && !feature.isAge()) {
        assertThat(feature.of(end)).as(feature.word()).isCloseTo(0.5, within(1e-12));
      }
      assertThat(TimeFeature.named(" " + feature.word().toUpperCase(java.util.Locale.ROOT)))
          .isEqualTo(feature);
    }
    // A Tuesday, of the next year's first week.
    assertThat(TimeFeature.DAY_OF_WEEK.of(end)).isCloseTo(1 / 6.0 - 0.5, within(1e-12));
    assertThat(TimeFeature.WEEK_OF_YEAR.of(end)).isEqualTo(-0.5);
    assertThat(TimeFeature.age(98)).isEqualTo(2);
    assertThatThrownBy(() -> TimeFeature.named("hour"))
        .hasMessageContaining("time-features: expected one of [second_of_minute");
  }

  @Test
  void a_broken_column_leaves_the_others() throws IOException {
    SeriesTable table = read("a,b\n1,2\nx,3\n4,1e999\n");
    assertThatThrownBy(() -> table.series(table.chosen(List.of("a"))))
        .hasMessage("column \"a\": expected a number, got \"x\" in row 3");
    assertThatThrownBy(() -> table.series(table.chosen(List.of("b"))))
        .hasMessage("column \"b\": expected a number, got \"1e999\" in row 4");
    assertThatThrownBy(() -> table.chosen(List.of("c")))
        .hasMessage("column: expected one of [a, b], got c");
  }

  @Test
  void broken_times_are_said() throws IOException {
    assertThatThrownBy(() -> series("t,x\n2024-01-01,1\nlater,2\n"))
        .hasMessageContaining("column \"t\": expected a time")
        .hasMessageContaining("row 3");
    assertThatThrownBy(() -> series("t,x\n2024-01-02,1\n2024-01-01,2\n"))
        .hasMessageContaining("times: expected each after the one before");
    assertThatThrownBy(() -> series("t,x\n2024-01-01,1\n2024-01-02,2\n2024-01-04,3\n"))
        .hasMessageContaining("times: expected one every day, and so 2024-01-03T00:00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| got an empty file",
        "a,b| expected rows below the names",
        "a,a;1,2| row 1: expected a different name",
        "a,b;1,2;3| row 3: expected 2 cells, got 1",
        "t;2024-01-01| expected a column of values",
        "a;\"1| row 2: expected a closing quote"
      })
  void what_is_no_table_is_refused(String lines, String message) {
    String text = lines.replace(";", "\n");
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
