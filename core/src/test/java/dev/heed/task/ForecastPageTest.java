package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.task.series.Series;
import dev.heed.task.series.SeriesTable;
import dev.heed.task.series.SeriesTable.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/forecasting.md runs, and its lines are those of the page. */
@Tag("integration")
class ForecastPageTest {
  @TempDir Path temporary;

  @Test
  void the_example_forecasts() throws Exception {
    Path folder = ForecasterTest.recorded("patchtst");
    Path file = temporary.resolve("series.csv");
    StringBuilder rows = new StringBuilder("day,a,b,c\n");
    for (int day = 1; day <= 29; day++) {
      rows.append(
          String.format(java.util.Locale.ROOT, "2024-02-%02d,%d,%d,%d%n", day, day, -day, 3));
    }
    Files.writeString(file, rows);
    StringBuilder out = new StringBuilder();
    // example
    try (Forecaster forecaster = Forecaster.open(folder)) {
      SeriesTable table = SeriesTable.read(file);
      for (List<Column> columns : forecaster.items(table, List.of())) {
        Series series = table.series(columns);
        for (Forecast forecast : forecaster.forecast(series, ForecastOptions.USUAL.ahead(9))) {
          out.append(forecast.name()).append(Arrays.toString(forecast.mean())).append('\n');
        }
      }
    }
    // end
    String[] lines = out.toString().split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[1]).startsWith("b[").matches("[^,]+(,[^,]+){8}");
  }

  @Test
  void the_page_shows_these_lines() throws IOException {
    Path here = Path.of("src", "test", "java", "dev", "heed", "task", "ForecastPageTest.java");
    Path page = Path.of("..", "docs", "forecasting.md");
    assertThat(words(Files.readString(page), "```java\n", "```"))
        .isNotEmpty()
        .isEqualTo(words(Files.readString(here), "// example\n", "// end"));
  }

  private static String words(String text, String from, String to) {
    int start = text.indexOf(from) + from.length();
    return text.substring(start, text.indexOf(to, start)).replaceAll("\\s+", "");
  }
}
