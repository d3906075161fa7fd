package dev.heed.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** BLEU by length of two systems: one is right everywhere, the other only in short sentences. */
@Tag("integration")
class LengthsCommandTest {
  @TempDir Path folder;
  private String right = "";
  private String tiring = "";

  @BeforeEach
  void writes_the_items() throws IOException {
    String shortOne = "un deux trois quatre";
    String longOne = "un deux trois quatre cinq six sept huit";
    right = write("right.jsonl", item(shortOne, shortOne), item(longOne, longOne));
    tiring = write("tiring.jsonl", item(shortOne, shortOne), item(longOne, "neuf"));
  }

  private static String item(String reference, String prediction) {
    return "{\"source\":\"%s\",\"references\":[\"%s\"],\"prediction\":\"%s\"}\n"
        .formatted(reference, reference, prediction);
  }

  private String write(String name, String... items) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("", items)).toString();
  }

  private static CommandRun lengths(String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "evaluate";
    all[1] = "lengths";
    System.arraycopy(options, 0, all, 2, options.length);
    return CommandRun.heed(all);
  }

  @Test
  void systems_stand_side_by_side_and_an_empty_group_has_no_value() throws IOException {
    CommandRun run = lengths(right, tiring, "--width", "4", "--groups", "3", "--json");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode rows = new JsonMapper().readTree(run.out());
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).get("bleu").get("tiring").asDouble()).isEqualTo(100, within(1e-9));
    assertThat(rows.get(1).get("bleu").get("right").asDouble()).isEqualTo(100, within(1e-9));
    assertThat(rows.get(1).get("bleu").get("tiring").asDouble()).isZero();
    assertThat(rows.get(2).get("items").asInt()).isZero();
    assertThat(rows.get(2).get("bleu").get("right").isNull()).isTrue();
    assertThat(rows.get(2).get("to").isNull()).isTrue();
    assertThat(lengths(right).out()).contains("4 to 6       words      1 items  right 100.00");
  }

  @Test
  void curves_are_drawn() throws IOException {
    Path png = folder.resolve("lengths.png");
    CommandRun run = lengths(right, tiring, "--width", "4", "--png", png.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    BufferedImage image = ImageIO.read(png.toFile());
    assertThat(image.getWidth()).isGreaterThan(200);
  }

  @Test
  void other_sources_equal_names_and_holes_in_a_curve_are_refused() throws IOException {
    String other = write("other.jsonl", item("un", "un"));
    CommandRun run = lengths(right, other);
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("expected the sources of");
    assertThat(lengths(right, right).err()).contains("expected different names, got twice right");
    assertThat(lengths(right, "--width", "0").err()).contains("--width, --groups");
    String png = folder.resolve("hole.png").toString();
    assertThat(lengths(right, "--width", "2", "--png", png).err())
        .contains("no source of 1 to 2 words: give a larger --width");
    assertThat(lengths(right, "--png", folder.resolve("x.jpg").toString()).exit())
        .isEqualTo(ExitStatus.USAGE);
  }
}
