package dev.heed.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class SeeCommandTest {
  private static final String MODELS = "../core/src/test/resources/golden/models/";
  private static final String IMAGE = "../pictures/src/test/resources/vision/rgb.png";

  @TempDir Path folder;

  @Test
  void an_image_prints_its_classes_and_what_was_assumed() {
    CommandRun run = CommandRun.heed("see", "--model", MODELS + "vit", "--top", "2", IMAGE);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().strip()).matches("(cat|dog|bird) 0\\.\\d{3}  (cat|dog|bird) 0\\.\\d{3}");
    assertThat(run.err()).contains("There is no preprocessor_config.json");
    JsonNode json =
        new JsonMapper()
            .readTree(CommandRun.heed("see", "--model", MODELS + "vit", IMAGE, "--json").out());
    double sum = 0;
    for (JsonNode label : json.get("result").get("labels")) {
      sum += label.get("score").asDouble();
    }
    assertThat(sum).isBetween(1 - 1e-6, 1 + 1e-6);
    assertThat(json.get("result").has("objects")).isFalse();
  }

  @Test
  void one_bad_image_does_not_lose_the_others() throws IOException {
    for (String name : new String[] {"a.png", "c.PNG"}) {
      Files.copy(Path.of(IMAGE), folder.resolve(name));
    }
    Files.writeString(folder.resolve("b.jpg"), "no image");
    Files.writeString(folder.resolve("notes.txt"), "not read");
    CommandRun run = CommandRun.heed("see", "--model", MODELS + "vit", "" + folder, "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    String[] lines = run.out().split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).contains("a.png").contains("\"labels\"");
    assertThat(lines[1]).contains("b.jpg").contains("\"error\"");
    assertThat(lines[2]).contains("c.PNG").contains("\"labels\"");
  }

  @Test
  void boxes_are_printed_and_drawn() throws IOException {
    Path picture = folder.resolve("boxes.png");
    CommandRun run =
        CommandRun.heed("see", "--model", MODELS + "detr", IMAGE, "--png", picture.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().lines().toList())
        .isNotEmpty()
        .allMatch(line ->
            line.matches(
                "LABEL_\\d 0\\.\\d+  left -?[\\d.]+  top -?[\\d.]+  right [\\d.]+  bottom"
                    + " [\\d.]+"));
    assertThat(ImageIO.read(picture.toFile()).getWidth()).isGreaterThan(1000);
    run = CommandRun.heed("see", "--model", MODELS + "detr", "--threshold", "1", IMAGE);
    assertThat(run.out().strip()).isEqualTo("no object");
  }

  @Test
  void the_carried_detector_is_asked_for_boxes() throws IOException {
    BufferedImage dark = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Path image = folder.resolve("dark.png");
    ImageIO.write(dark, "png", image.toFile());
    CommandRun run = CommandRun.heed("see", "--boxes", image.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().strip()).isEqualTo("no object");
  }

  @Test
  void attention_is_drawn_as_page_and_picture() throws IOException {
    Path page = folder.resolve("seen.html");
    CommandRun run =
        CommandRun.heed("see", "--model", MODELS + "vit", IMAGE, "--attention", page.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(Files.readString(page))
        .contains("what the class token attends to")
        .contains("data:image/png;base64,");
    Path picture = folder.resolve("seen.png");
    CommandRun.heed("see", "--model", MODELS + "vit", IMAGE, "--attention", picture.toString());
    assertThat(ImageIO.read(picture.toFile()).getWidth()).isGreaterThan(1000);
  }

  @Test
  void options_of_another_kind_of_model_are_refused_by_name() {
    CommandRun run =
        CommandRun.heed("see", "--model", MODELS + "vit", IMAGE, "--png", "" + folder + "/a.png");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--boxes, --png, --threshold: expected a model of objects");
    run = CommandRun.heed("see", "--model", MODELS + "detr", IMAGE, "--threshold", "2");
    assertThat(run.err()).contains("--threshold: expected a number from 0 to 1, got 2");
    run = CommandRun.heed("see", "--model", MODELS + "bert-classify", IMAGE);
    assertThat(run.err()).contains("expected for see a model").contains("This one fits: classify");
    run = CommandRun.heed("see", "--model", MODELS + "vit", "missing.png");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
  }
}
