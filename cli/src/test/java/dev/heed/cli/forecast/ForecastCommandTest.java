package dev.heed.cli.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class ForecastCommandTest {
  private static final Path MODELS =
      Path.of("..", "core", "src", "test", "resources", "golden", "models");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void series() throws IOException {
    StringBuilder rows = new StringBuilder("time,warm,cold,odd\n");
    for (int hour = 0; hour < 40; hour++) {
      rows.append(
          String.format(
              Locale.ROOT,
              "2024-05-%02d %02d:00,%.3f,%.3f,%s%n",
              1 + hour / 24,
              hour % 24,
              20 + 3 * Math.sin(hour / 4.0),
              hour % 7 == 3 ? Double.NaN : 2 + Math.cos(hour / 4.0),
              hour == 20 ? "?" : "1"));
    }
    file = Files.writeString(folder.resolve("series.csv"), rows);
  }

  private static String model(String name) {
    return MODELS.resolve(name).toString();
  }

  private CommandRun forecast(String... more) {
    String[] all = new String[more.length + 7];
    String[] start = {
      "forecast",
      "--model",
      model("time-series-transformer"),
      file.toString(),
      "--category=1",
      "--time-features",
      "hour_of_day,age"
    };
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return CommandRun.heed(all);
  }

  @Test
  void a_series_is_told_in_bars_and_numbers() {
    CommandRun run = forecast("--column", "warm", "--quantiles", "0.05,0.5,0.95");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .startsWith("warm: 6 steps ahead, every hour\n")
        .containsPattern("[▁▂▃▄▅▆▇█]{40}│[▁▂▃▄▅▆▇█]{6}\n")
        .containsPattern("mean +5% +50% +95%")
        .contains("2024-05-02T16:00 ");
  }

  @Test
  void one_broken_series_does_not_lose_the_others() {
    CommandRun run = forecast("--json", "--horizon", "8", "--samples", "7", "--seed", "3");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    JsonNode told = new JsonMapper().readTree(run.out());
    assertThat(told.size()).isEqualTo(3);
    assertThat(told.get(0).get("series").stringValue()).isEqualTo("warm");
    assertThat(told.get(1).get("mean").size()).isEqualTo(8);
    assertThat(told.get(1).get("quantiles").get("0.9").size()).isEqualTo(8);
    assertThat(told.get(1).get("times").get(7).stringValue()).isEqualTo("2024-05-02T23:00");
    assertThat(told.get(2).get("error").stringValue())
        .contains("column \"odd\": expected a number, got \"?\" in row 22");
    assertThat(run.err()).contains("series.csv, odd: column");
    assertThat(forecast("--json", "--horizon", "8", "--samples", "7", "--seed", "3").out())
        .isEqualTo(run.out());
    CommandRun alone =
        forecast("--json", "--horizon", "8", "--samples", "7", "--seed", "3", "--batch", "1");
    JsonNode each = new JsonMapper().readTree(alone.out());
    for (int i = 0; i < 2; i++) {
      for (int t = 0; t < 8; t++) {
        assertThat(each.get(i).get("mean").get(t).asDouble())
            .isCloseTo(told.get(i).get("mean").get(t).asDouble(), within(1e-3));
      }
    }
    assertThat(forecast("--batch", "0").err()).contains("--batch: expected 1 or more, got 0");
  }

  @Test
  void forecasts_are_measured_beside_what_was_seen() throws IOException {
    Path items = folder.resolve("windows.jsonl");
    CommandRun run =
        CommandRun.heed(
            "evaluate",
            "forecast",
            file.toString(),
            "--model",
            model("patchtst"),
            "--column",
            "warm,cold,warm",
            "--stride",
            "3",
            "--season",
            "5",
            "--scale",
            file.toString(),
            "--items",
            items.toString(),
            "--json");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode told = new JsonMapper().readTree(run.out());
    List<String> lines = Files.readAllLines(items);
    assertThat(lines).hasSize(told.get("items").asInt()).hasSizeGreaterThan(1);
    for (String way : new String[] {"", "repeat_last_", "seasonal_"}) {
      for (String error : new String[] {"mse", "mae"}) {
        JsonNode value = told.get("values").get(way + error);
        assertThat(value.get("low").asDouble()).isPositive();
        assertThat(value.get("low").asDouble()).isLessThan(value.get("high").asDouble());
        assertThat(new JsonMapper().readTree(lines.getFirst()).get(way + error).asDouble())
            .isPositive();
      }
    }
    assertThat(lines.getFirst()).contains("\"series\":\"warm, cold, warm\"");
  }

  @Test
  void plots_and_maps_are_drawn() throws IOException {
    for (String ending : new String[] {".html", ".png"}) {
      Path plot = folder.resolve("plot" + ending);
      Path map = folder.resolve("map" + ending);
      CommandRun run =
          forecast("--column", "cold", "--plot", plot.toString(), "--attention", map.toString());
      assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
      assertThat(run.err()).contains("wrote " + plot).contains("wrote " + map);
      assertThat(Files.size(plot)).isGreaterThan(2000);
      assertThat(Files.size(map)).isGreaterThan(2000);
    }
    String page = Files.readString(folder.resolve("plot.html"));
    // The line is broken where nothing was observed.
    assertThat(page)
        .contains("<polygon class=\"area\"")
        .containsPattern("(?s)(class=\"seen\".*){6}");
    assertThat(Files.readString(folder.resolve("map.html")))
        .contains("cold: predicted steps")
        .contains("+6");
  }

  @Test
  void several_files_and_several_values() throws IOException {
    Path other = Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n");
    CommandRun run =
        CommandRun.heed(
            "forecast",
            "--model",
            model("patchtst"),
            "--column",
            "warm,cold,warm",
            other.toString(),
            file.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(run.err()).contains("other.csv: column: expected one of [a, b], got warm");
    assertThat(run.out()).contains("cold: 6 steps ahead");
  }

  @Test
  void columns_that_are_known_ahead_are_read_from_rows_ahead() throws IOException {
    Path model = Files.createDirectory(folder.resolve("knowing"));
    Path from = MODELS.resolve("time-series-transformer");
    Files.copy(from.resolve("model.safetensors"), model.resolve("model.safetensors"));
    Files.writeString(
        model.resolve("config.json"),
        Files.readString(from.resolve("config.json"))
            .replace("\"num_dynamic_real_features\": 0", "\"num_dynamic_real_features\": 1")
            .replace("\"num_time_features\": 2", "\"num_time_features\": 1"));
    StringBuilder rows = new StringBuilder("sold,price\n");
    for (int step = 0; step < 26; step++) {
      rows.append(step < 20 ? 3 + step % 4 : "").append(',').append(1 + step % 3).append('\n');
    }
    InputStream before = System.in;
    CommandRun run;
    try {
      System.setIn(new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
      run =
          CommandRun.heed(
              "forecast",
              "--model",
              model.toString(),
              "--category=1",
              "--time-features",
              "age",
              "--known",
              "price",
              "--json",
              "-");
    } finally {
      System.setIn(before);
    }
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode told = new JsonMapper().readTree(run.out());
    assertThat(told.size()).isEqualTo(1);
    assertThat(told.get(0).get("series").stringValue()).isEqualTo("sold");
    assertThat(told.get(0).get("mean").size()).isEqualTo(6);
    Path short_ =
        Files.writeString(folder.resolve("short.csv"), rows.substring(0, rows.length() - 6));
    CommandRun refused =
        CommandRun.heed(
            "forecast",
            "--model",
            model.toString(),
            "--category=1",
            "--time-features",
            "age",
            "--known",
            "price",
            short_.toString());
    assertThat(refused.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(refused.err()).contains("known: expected numbers of 6 steps after");
  }

  @Test
  void what_cannot_be_forecast_is_said() {
    refused(
        ExitStatus.BAD_INPUT,
        "expected 3, as the model reads, got 2",
        "patchtst",
        file.toString(),
        "--column",
        "warm,cold");
    refused(ExitStatus.BAD_INPUT, "no such file", "patchtst", folder.resolve("no.csv").toString());
    refused(ExitStatus.BAD_INPUT, "for forecast a model", "bert-qa", file.toString());
    refused(
        ExitStatus.USAGE,
        "--horizon: expected at least 1",
        "patchtst",
        file.toString(),
        "--horizon",
        "0");
    refused(
        ExitStatus.USAGE,
        "--time-features: expected one of",
        "patchtst",
        file.toString(),
        "--time-features",
        "hour");
    refused(
        ExitStatus.USAGE,
        "--plot: expected a name that ends in .html or .png",
        "patchtst",
        file.toString(),
        "--plot",
        folder.resolve("x.jpg").toString());
    refused(
        ExitStatus.BAD_INPUT,
        "no such folder",
        "patchtst",
        file.toString(),
        "--plot",
        folder.resolve("no/x.png").toString());
  }

  private static void refused(int exit, String message, String model, String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "forecast";
    all[1] = "--model";
    all[2] = model(model);
    System.arraycopy(more, 0, all, 3, more.length);
    CommandRun run = CommandRun.heed(all);
    assertThat(run.err()).contains(message);
    assertThat(run.exit()).isEqualTo(exit);
    assertThat(run.out()).isEmpty();
  }
}
