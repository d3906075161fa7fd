package dev.heed.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
class MatchCommandTest {
  private static final String IMAGE = "../pictures/src/test/resources/vision/rgb.png";

  @TempDir Path folder;

  @Test
  void texts_are_told_by_probability_and_a_bad_image_does_not_lose_the_others() throws IOException {
    String model = TinyFolder.write(folder.resolve("clip"), "clip", "bert", Map.of());
    CommandRun run =
        CommandRun.heed(
            "match", "--model", model, IMAGE, "--text", "the cat", "--text", "a dog ran");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().strip()).contains("the cat 0.").contains("a dog ran 0.");
    Path bad = Files.writeString(folder.resolve("bad.png"), "no image");
    run =
        CommandRun.heed("match", "--model", model, "" + bad, IMAGE, "--json", "--text", "the cat");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    String[] lines = run.out().split("\n");
    assertThat(lines[0]).contains("bad.png").contains("\"error\"");
    assertThat(lines[1]).contains("rgb.png").contains("\"score\":1.0");
  }

  @Test
  void images_are_ranked_for_a_text() throws IOException {
    String model = TinyFolder.write(folder.resolve("clip"), "clip", "bert", Map.of());
    Path images = Files.createDirectory(folder.resolve("images"));
    for (String name : new String[] {"rgb.png", "grey.png"}) {
      Files.copy(Path.of(IMAGE).resolveSibling(name), images.resolve(name));
    }
    Files.writeString(images.resolve("bad.png"), "no image");
    Path page = folder.resolve("where.html");
    CommandRun run =
        CommandRun.heed(
            "match",
            "--model",
            model,
            "--over",
            "images",
            "--text",
            "the cat",
            "--attention",
            page.toString(),
            images.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(run.err()).contains("bad.png: ");
    String[] lines = run.out().split("\n");
    assertThat(lines).hasSize(2);
    double first = Double.parseDouble(lines[0].strip().split(" ")[0]);
    double second = Double.parseDouble(lines[1].strip().split(" ")[0]);
    assertThat(first).isGreaterThanOrEqualTo(second);
    assertThat(first + second).isBetween(0.99, 1.01);
    assertThat(page).exists();
    Path texts = Files.writeString(folder.resolve("texts.txt"), "a cat\n" + "dog ".repeat(90));
    run =
        CommandRun.heed(
            "match",
            "--model",
            model,
            "--over",
            "images",
            "--top",
            "1",
            "--json",
            "--texts",
            texts.toString(),
            images.resolve("rgb.png").toString(),
            images.resolve("grey.png").toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.err()).contains("its end was cut: dog dog");
    lines = run.out().split("\n");
    assertThat(lines).hasSize(2);
    assertThat(lines[0]).contains("\"line\":1").containsOnlyOnce("\"image\"");
    CommandRun none = CommandRun.heed("match", "--model", model, IMAGE);
    assertThat(none.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(none.err()).contains("expected --text or --texts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"siglip", "blip-itm"})
  void pairs_find_each_other_as_their_scores_say(String name) throws IOException {
    String model = TinyFolder.write(folder.resolve(name), name, "bert", Map.of());
    for (String file : new String[] {"rgb.png", "grey.png"}) {
      Files.copy(Path.of(IMAGE).resolveSibling(file), folder.resolve(file));
    }
    Path data =
        Files.writeString(
            folder.resolve("pairs.tsv"),
            "image\tcaption\nrgb.png\tthe cat\ngrey.png\ta dog ran\nno.png\tthe cat\n");
    Path items = folder.resolve("items.jsonl");
    CommandRun run =
        CommandRun.heed(
            "evaluate", "match", "" + data, "--model", model, "--items", "" + items, "--k", "1,3");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(run.err()).contains("example 3: ").contains("no.png");
    assertThat(run.out())
        .containsPattern("text_recall@1 +0\\.[036]")
        .containsPattern("text_recall@3 +0\\.6667")
        .containsPattern("image_recall@3 +1\\.0000")
        .containsPattern("failed +1\\.0");
    String best =
        CommandRun.heed(
                "match",
                "--model",
                model,
                "" + folder.resolve("rgb.png"),
                "--text",
                "the cat",
                "--text",
                "a dog ran")
            .out();
    assertThat(Files.readAllLines(items).getFirst())
        .contains(best.startsWith("the cat") ? "\"text_place\":1" : "\"text_place\":2");
    assertThat(Files.readAllLines(items).getLast())
        .contains("\"text_place\":\"none\"")
        .contains("no.png");
  }
}
