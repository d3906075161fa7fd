package dev.heed.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.awt.image.BufferedImage;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every recipe of the project, for two updates on a few examples. */
@Tag("integration")
class RecipesTest {
  private static final Path RECIPES = Path.of("..", "recipes");
  private static final String TAGS = "Ada\tB-PER\nlives\tO\nin\tO\nU.K.\tB-LOC\n.\tO\n\n";

  @TempDir Path folder;

  static List<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(RECIPES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void each_runs(Path file) throws IOException {
    runs((ObjectNode) new YAMLMapper().readTree(Files.readString(file)));
  }

  @Test
  void voices_and_bands_change_what_wav2vec2_bert_hears() throws IOException {
    Path file = RECIPES.resolve("spoken-digits.yaml");
    ObjectNode recipe = (ObjectNode) new YAMLMapper().readTree(Files.readString(file));
    ((ObjectNode) recipe.get("data").get("augment")).put("voice", 0.2).put("bands", 0.3);
    runs(recipe);
  }

  /** Two updates on tiny data. */
  private void runs(ObjectNode recipe) throws IOException {
    // what goes on from the model that another recipe left begins from nothing here
    String model = recipe.get("model").stringValue().replaceFirst("^\\.\\./(\\w+).*", "$1");
    if (Files.isDirectory(RECIPES.resolve(model))) {
      recipe.put("model", RECIPES.resolve(model).toRealPath().toString());
    }
    ObjectNode learning = (ObjectNode) recipe.get("learning");
    learning.remove("epochs");
    learning.put("updates", 2);
    ObjectNode data = (ObjectNode) recipe.get("data");
    if (data.has("first")) {
      data.put("first", 530).put("held_out", 96);
    } else if (data.has("held_out")) {
      data.put("held_out", 2);
    }
    recipe.putObject("watching").put("every", 1).put("average", 2);
    if (data.has("tokenizer")) {
      data.put(
          "tokenizer",
          RECIPES.resolve(data.get("tokenizer").stringValue()).toRealPath().toString());
    }
    fillAll(data);
    for (JsonNode source : data.path("sources")) {
      fillAll(source);
    }
    Path tiny = folder.resolve("tiny.json");
    Files.writeString(tiny, JsonMapper.shared().writeValueAsString(recipe));
    Path out = folder.resolve("out");
    CommandRun run = CommandRun.heed("train", tiny.toString(), "--out", out.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("of the mean of the weights after the updates [");
    assertThat(out.resolve("model.safetensors")).exists();
    if (recipe.get("task").stringValue().equals("translate")) {
      Path texts = Files.writeString(folder.resolve("texts.txt"), "I see.\nThe cat sat.\n");
      CommandRun written =
          CommandRun.heed(
              "translate",
              "--model",
              out.toString(),
              "--file",
              texts.toString(),
              "--beams",
              "1",
              "--max-new-tokens",
              "3");
      assertThat(written.exit()).as(written.err()).isEqualTo(ExitStatus.OK);
      assertThat(written.out().lines()).hasSize(2);
    }
  }

  /** Writes the files that a part of a recipe names. */
  private void fillAll(JsonNode part) throws IOException {
    for (String key : List.of("train", "valid")) {
      if (part.path(key).isString()) {
        Path file = folder.resolve(part.path(key).stringValue());
        Files.createDirectories(file.getParent());
        fill(file);
      }
    }
  }

  /** Examples of the kind that a data set's file has. */
  private static void fill(Path file) {
    String name = file.getFileName().toString();
    try {
      if (TinyMedia.fill(file)) {
        return;
      }
      if (name.contains("images-idx3")) {
        Path labels = file.resolveSibling(name.replace("images-idx3", "labels-idx1"));
        try (DataOutputStream out = packed(file);
            DataOutputStream classes = packed(labels)) {
          for (int number : new int[] {2051, 6, 28, 28}) {
            out.writeInt(number);
          }
          byte[] grey = new byte[6 * 28 * 28];
          Arrays.fill(grey, (byte) 90);
          out.write(grey);
          classes.writeInt(2049);
          classes.writeInt(6);
          classes.write(new byte[] {1, 2, 1, 2, 1, 2});
        }
      } else if (file.toString().contains("tatoeba")) {
        write(file, "The cat sat.\tLe chat s'est assis.\nI see.\tJe vois.\n");
      } else if (name.contains("babi")) {
        write(file, stories());
      } else if (name.contains("winograd")) {
        String pair = "The cats fear the dogs because they %s.\tthey\tThe cats\tthe dogs\t%s\n";
        write(
            file,
            "sentence\tpronoun\tcandidate_a\tcandidate_b\tanswer\n"
                + String.format(Locale.ROOT, pair, "bark", "B")
                + String.format(Locale.ROOT, pair, "hide", "A"));
      } else if (file.toString().contains("gap-coreference")) {
        write(
            file,
            "Text\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\n"
                + "Ada told Eve in Paris that she saw it.\tshe\t27\tAda\t0\tTRUE\tEve\t9\tFALSE\n");
      } else if (name.contains("xquad")) {
        String question =
            "{\"context\": \"Ada lives in Paris.\", \"question\": \"Where does Ada live?\","
                + " \"answers\": [\"Paris\"], \"answer_start\": 13}\n";
        write(file, question.repeat(4));
      } else if (name.endsWith(".jsonl.gz")) {
        String turns =
            "{\"turns\": [{\"speaker\": \"USER\", \"text\": \"A table, please.\", \"acts\":"
                + " [\"INFORM seats=2\"], \"intent\": \"Reserve\"}, {\"speaker\": \"SYSTEM\","
                + " \"text\": \"Where?\"}, {\"speaker\": \"USER\", \"text\": \"Thanks.\","
                + " \"intent\": \"NONE\"}]}\n";
        write(file, turns);
      } else if (name.endsWith(".txt")) {
        Files.writeString(file, "ROMEO:\nWhat light is this?\n".repeat(9));
      } else if (name.contains("wikigold")) {
        Files.writeString(file, TAGS + TAGS);
      } else {
        write(file, "label\ttext\n1\ta fine film\n0\ta bad film\n");
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A story for each answer that bAbI has. */
  private static String stories() {
    StringBuilder stories = new StringBuilder();
    String all =
        "bathroom bedroom garden hallway kitchen office apple football milk Bill Fred Jeff Mary";
    for (String answer : all.split(" ")) {
      stories.append("1 Mary saw ").append(answer).append(".\n2 Who or what did Mary see?\t");
      stories.append(answer).append("\t1\n");
    }
    return stories.toString();
  }

  private static void write(Path file, String text) throws IOException {
    if (file.toString().endsWith(".gz")) {
      try (DataOutputStream out = packed(file)) {
        out.writeBytes(text);
      }
    } else {
      Files.writeString(file, text);
    }
  }

  private static DataOutputStream packed(Path file) throws IOException {
    return new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)));
  }

  @Test
  void a_table_names_images() throws IOException {
    StringBuilder rows = new StringBuilder("image\tlabel\n");
    for (int i = 0; i < 4; i++) {
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
      image.setRGB(3, 5, 0xff0000 >> (8 * (i % 2)));
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
      rows.append(i).append(".png\t").append(i % 2 == 0 ? "red" : "green").append('\n');
    }
    Path table = Files.writeString(folder.resolve("images.tsv"), rows);
    CommandRun run =
        CommandRun.heed(
            "finetune",
            "--task",
            "images",
            "--model",
            RECIPES.resolve("digits").toString(),
            "--train",
            table.toString(),
            "--updates",
            "1",
            "--out",
            folder.resolve("out").toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("1 updates on 4 examples");
    assertThat(Files.readString(folder.resolve("out").resolve("config.json"))).contains("green");
  }
}
