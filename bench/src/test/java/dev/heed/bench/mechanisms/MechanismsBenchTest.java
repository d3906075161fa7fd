package dev.heed.bench.mechanisms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.bench.BenchRun;
import dev.heed.cli.ExitStatus;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class MechanismsBenchTest {
  private static BenchRun small(String mechanisms, String... more) {
    String[] arguments = {
      "mechanisms",
      "--mechanisms",
      mechanisms,
      "--lengths",
      "96,48",
      "--size",
      "16",
      "--heads",
      "2",
      "--rounds",
      "1",
      "--seconds",
      "0"
    };
    String[] all = new String[arguments.length + more.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return BenchRun.of(all);
  }

  @Test
  void writes_rows_growth_and_a_picture(@TempDir Path directory) throws IOException {
    Path png = directory.resolve("growth.png");
    BenchRun run = small("full-attention,sliding-window,mamba", "--json", "--png", png.toString());
    assertThat(run.err()).contains("wrote").doesNotContain("heed:");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode report = new JsonMapper().readTree(run.out());
    assertThat(report.get("rows").size()).isEqualTo(6);
    JsonNode first = report.get("rows").get(0);
    assertThat(first.get("mechanism").asString()).isEqualTo("full-attention");
    assertThat(first.get("length").asInt()).as("lengths are sorted").isEqualTo(48);
    assertThat(first.get("forward").get("timing").get("median").asDouble()).isPositive();
    assertThat(first.get("training").get("timing").get("median").asDouble()).isPositive();
    assertThat(first.get("error").get("random").asDouble()).isLessThan(1e-5);
    JsonNode window = report.get("rows").get(1);
    assertThat(window.get("error").get("random").asDouble())
        .as("a window of 128 sees all 48 keys")
        .isLessThan(1e-5);
    JsonNode mamba = report.get("rows").get(2);
    assertThat(mamba.get("causal").asBoolean()).isTrue();
    assertThat(mamba.get("error").get("random").isNull()).isTrue();
    assertThat(mamba.get("error").get("none").asString()).contains("not an approximation");
    JsonNode growth = report.get("growth").get(2);
    assertThat(growth.get("published").asString()).isEqualTo("O(n)");
    assertThat(growth.get("expected").get("slope").asDouble()).isEqualTo(1);
    assertThat(growth.get("forward").get("points").asInt()).isEqualTo(2);
    assertThat(report.get("residentPeakBytes").asDouble()).isGreaterThan(1 << 20);
    assertPicture(ImageIO.read(png.toFile()));
  }

  private static void assertPicture(BufferedImage image) {
    assertThat(image.getWidth()).isEqualTo(GrowthPlot.WIDTH);
    assertThat(image.getHeight()).isEqualTo(GrowthPlot.HEIGHT);
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x += 3) {
      for (int y = 0; y < image.getHeight(); y += 3) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(colours).as("lines, markers and text").hasSizeGreaterThan(20);
  }

  @Test
  void prints_a_table_with_exponents_and_the_resident_peak() {
    BenchRun run = small("performer", "--causal");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .containsPattern("performer +48 →")
        .contains("published")
        .contains("O(n)")
        .contains("Highest resident size of the process");
  }

  @Test
  void what_would_not_fit_is_left_out_with_the_reason() {
    BenchRun run = small("linformer", "--memory", "1M");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).containsPattern("linformer +96 .*skipped: about .*over --memory 1 MB");
  }

  @Test
  void what_would_take_too_long_is_left_out_with_the_reason() {
    BenchRun run = small("gru", "--longest", "0.000001");
    assertThat(run.out()).containsPattern("gru +96 .*skipped: about .* a run expected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mechanisms mambo | did you mean mamba?",
        "--lengths 0 | expected numbers from 1, got [0]",
        "--lengths many | 'many'",
        "--memory lots | expected an amount like 512M or 4G",
        "--size 10 --heads 4 | expected a divisor of --size 10, got 4",
        "--rounds 0 | expected at least 1, got 0"
      })
  void a_wrong_option_is_named(String arguments, String message) {
    BenchRun run = BenchRun.of(("mechanisms " + arguments).split(" "));
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains(message);
  }

  @Test
  void help_shows_examples() {
    BenchRun run = BenchRun.of("mechanisms", "--help");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("--lengths").contains("heed bench mechanisms --png growth.png");
  }
}
