package dev.heed.cli.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.fixture.TinyCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class LookCommandTest {
  private static final String TEXT = "The animal didn't cross the street because it was too tired.";

  private static final String MODELS = "../core/src/test/resources/golden/models/";
  private static final String IMAGE = "../pictures/src/test/resources/vision/rgb.png";

  @TempDir Path folder;

  @Test
  void an_image_shows_what_its_class_token_attends_to() throws Exception {
    Path page = folder.resolve("look.html");
    Path picture = folder.resolve("look.png");
    String[] look = {
      "look", IMAGE, "--model", MODELS + "vit", "--html", page.toString(), "--png", "" + picture
    };
    CommandRun run = CommandRun.heed(look);
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .contains("2 layers over an image of")
        .contains("Layer 1, mean of 4 heads: what the class token attends to:")
        .contains("There is no preprocessor_config.json");
    assertThat(Files.readString(page)).contains("Click on a patch");
    assertThat(Files.size(picture)).isGreaterThan(1000);
  }

  @Test
  void an_images_weights_are_those_of_its_layer() {
    JsonNode look =
        json(
            CommandRun.heed(
                "look",
                IMAGE,
                "--model",
                MODELS + "swinv2",
                "--layer",
                "0",
                "--head",
                "1",
                "--patch",
                "2,5",
                "--json"));
    assertThat(look.get("focus").asString()).isEqualTo("the patch in row 2, column 5");
    assertThat(look.get("queries").get("width").asInt()).isEqualTo(16);
    double sum = 0;
    for (JsonNode weight : look.get("attention").get(1).get(2 * 16 + 5)) {
      sum += weight.asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    // A window of four by four places and nothing beyond it.
    assertThat(look.get("places").get(3 * 16 + 7).asDouble()).isPositive();
    assertThat(look.get("places").get(3 * 16 + 8).asDouble()).isZero();
  }

  @Test
  void images_and_texts_have_options_of_their_own() {
    CommandRun run = CommandRun.heed("look", IMAGE, "--model", MODELS + "vit", "--word", "cat");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("expected a text, got an image");
    run = CommandRun.heed("look", TEXT, "--patch", "1,2");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--patch: expected an image, got a text");
    run = CommandRun.heed("look", IMAGE);
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--model: expected the folder of a model that sees images");
    run = CommandRun.heed("look", IMAGE, "--model", MODELS + "vit", "--patch", "1-2");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--patch: expected ROW,COLUMN");
    run = CommandRun.heed("look", IMAGE, "--model", MODELS + "vit", "--patch", "4,0");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("expected a row below 4");
    run = CommandRun.heed("look", "none.png", "--model", MODELS + "vit");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("none.png: expected a regular file");
    run = CommandRun.heed("look", TEXT, "--model", MODELS + "vit");
    assertThat(run.err()).contains("this model sees images: give the name of a .png");
  }

  @Test
  void words_that_are_written_attend_to_words_that_are_read() throws Exception {
    TinyCheckpoint.write(folder, "marian", "t5", Map.of());
    Path page = folder.resolve("look.html");
    Path picture = folder.resolve("look.png");
    String[] look = {"look", "the cats sat", "--model", folder.toString(), "--target", "a dog ran"};
    CommandRun run =
        CommandRun.heed(with(look, "--all", "--html", page.toString(), "--png", "" + picture));
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("from 4 tokens to 5 tokens").contains("the cats sat </s>");
    assertThat(Files.readString(page))
        .contains("data-unit=\"0\">a</button>")
        .contains("data-key=\"1\">cats</span>");
    assertThat(Files.size(picture)).isGreaterThan(1000);
    JsonNode json = json(CommandRun.heed(with(look, "--word", "dog", "--to", "sat", "--json")));
    assertThat(json.get("target")).hasSize(4);
    assertThat(json.get("tokens")).hasSize(5);
    assertThat(json.get("attention").get(0).get(0)).hasSize(4);
    assertThat(json.get("attention").get(0).get(0).get(0)).hasSize(5);
    assertThat(json.get("focus").get("word").asString()).isEqualTo("dog");
    run = CommandRun.heed("look", TEXT, "--target", "a dog");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("target: expected").contains("got one of kind ENCODER");
    run = CommandRun.heed(with(look, "--word", "cats"));
    assertThat(run.err()).contains("--word: expected one of [a, dog, ran, </s>], got \"cats\"");
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void a_sound_is_read_by_a_model_that_hears() {
    CommandRun run = CommandRun.heed("look", "voice.wav");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--model: expected the folder of a model that hears");
    run = CommandRun.heed("look", TEXT, "--model", MODELS + "wavlm");
    assertThat(run.err()).contains("this model hears: give the name of a .wav");
  }

  @Test
  void json_has_the_weights_of_an_independent_run() {
    JsonNode look = json(CommandRun.heed("look", TEXT, "--json"));
    List<String> tokens = new ArrayList<>();
    look.get("tokens").forEach(token -> tokens.add(token.asString()));
    assertThat(tokens).startsWith("[CLS]", "the", "animal").endsWith("tired", ".", "[SEP]");
    weights(look.get("attention").get(3).get(1), tokens, 0.677, 0.050, 0.017);
    weights(look.get("attention").get(5).get(11), tokens, 0.673, 0.021, 0.044);
    assertThat(look.get("focus").get("word").asString()).isEqualTo("it");
    assertThat(look.get("focus").get("bestOf").asInt()).isEqualTo(72);
    JsonNode best = look.get("focus").get("attendsTo").get(0);
    assertThat(best.get("text").asString()).isEqualTo("animal");
    assertThat(best.get("mean").asDouble()).isCloseTo(0.072, within(0.0005));
    assertThat(look.get("others").get(0).get("word").asString()).isEqualTo("cross");
  }

  private static void weights(
      JsonNode head, List<String> tokens, double animal, double street, double tired) {
    JsonNode row = head.get(tokens.indexOf("it"));
    assertThat(row.get(tokens.indexOf("animal")).asDouble()).isCloseTo(animal, within(0.0005));
    assertThat(row.get(tokens.indexOf("street")).asDouble()).isCloseTo(street, within(0.0005));
    assertThat(row.get(tokens.indexOf("tired")).asDouble()).isCloseTo(tired, within(0.0005));
  }

  @Test
  void the_first_pronoun_is_in_focus_and_its_head_is_named() {
    CommandRun run = CommandRun.heed("look", TEXT);
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .contains("\"it\" → \"animal\" in layer 3, head 1:")
        .contains("animal  0.677  0.072  ███")
        .contains("the mean is over all 72 heads, of which this is the most")
        .contains("cross → street  0.596")
        .contains("No head singles out \"animal\" for: cross, street.");
  }

  @Test
  void a_head_of_ones_choice_is_drawn_whole_and_kept_as_page_and_picture() throws Exception {
    Path page = folder.resolve("look.html");
    Path picture = folder.resolve("look.png");
    CommandRun run =
        CommandRun.heed(
            "look",
            TEXT,
            "--word",
            "street",
            "--layer",
            "5",
            "--head",
            "11",
            "--hide-special",
            "--html",
            page.toString(),
            "--png",
            picture.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .contains("\"street\" in layer 5, head 11:")
        .contains("Layer 5, head 11: each row attends")
        .contains("rows are not renormalised");
    assertThat(Files.readString(page)).contains("street").contains("not renormalised");
    assertThat(Files.readAllBytes(picture)).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void hidden_tokens_are_named_in_json_and_rows_stay_as_they_are() {
    JsonNode look = json(CommandRun.heed("look", TEXT, "--json", "--hide-special"));
    assertThat(look.get("tokens")).hasSize(14);
    assertThat(look.get("hidden").toString()).isEqualTo("[\"[CLS]\",\"[SEP]\"]");
    assertThat(look.get("renormalised").asBoolean()).isFalse();
    assertThat(look.get("attention").get(3).get(1).get(9).get(1).asDouble())
        .isCloseTo(0.677, within(0.0005));
  }

  @Test
  void wrong_words_heads_and_texts_are_explained() {
    assertThat(CommandRun.heed("look", TEXT, "--word", "cat").err())
        .contains("--word: expected one of")
        .contains("got \"cat\"");
    CommandRun far = CommandRun.heed("look", TEXT, "--layer", "3", "--head", "99");
    assertThat(far.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(far.err()).contains("--head: expected a number from 0 to 11, got 99");
    assertThat(CommandRun.heed("look", TEXT, "--layer", "3").exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(CommandRun.heed("look", " ").err()).contains("expected a text");
    assertThat(CommandRun.heed("look", TEXT, "--model", folder.toString()).err())
        .contains("config.json");
  }

  @Test
  void a_pair_is_asked_for() {
    CommandRun run = CommandRun.heed("look", TEXT, "--word", "tired", "--to", "animal");
    assertThat(run.out()).contains("\"tired\" → \"animal\" in layer 3, head 11:");
    assertThat(CommandRun.heed("look", TEXT, "--to", "nobody").err())
        .contains("--to: expected one of");
    assertThat(CommandRun.heed("look", TEXT, "--word", "the:2").out()).contains("\"the (2)\"");
  }

  @Test
  void what_the_model_cannot_read_is_said() {
    CommandRun run = CommandRun.heed("look", "猫は垫子の上に座った。");
    assertThat(run.out().replace('\n', ' '))
        .contains("猫", "it reads 猫 垫 座 as [UNK]", "all-MiniLM-L6-v2 reads English");
  }

  @Test
  void a_long_text_is_cut_and_says_so() {
    CommandRun run =
        CommandRun.heed("look", "A cat sleeps. ".repeat(200), "--layer", "0", "--head", "0");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.err()).contains("longer than the 512 tokens that the model reads: cut after");
    assertThat(run.out()).contains("columns fit;");
  }

  private static JsonNode json(CommandRun run) {
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    return new JsonMapper().readTree(run.out());
  }

  @Test
  void a_method_shows_its_map_and_what_was_measured_of_it() {
    CommandRun run = CommandRun.heed("look", TEXT, "--method", "rollout");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .contains("\"it\" by rollout, through all layers:")
        .contains("Abnar and Zuidema")
        .contains("agreement with gradient x attention: tau")
        .contains("with uniform attention in every head: 0.");
    JsonNode evidence =
        json(CommandRun.heed("look", TEXT, "--method", "raw", "--json")).get("evidence");
    assertThat(evidence.get("marks").get(2).get("unit").asString()).isEqualTo("animal");
    assertThat(evidence.get("marks").get(2).get("mark").asDouble()).isCloseTo(0.677, within(5e-4));
    assertThat(evidence.get("alternative").get("shuffles").asInt()).isEqualTo(32);
    for (String[] wrong :
        new String[][] {
          {"look", TEXT, "--method", "guess"},
          {"look", TEXT, "--method", "flow", "--layer", "1", "--head", "1"},
          {"look", IMAGE, "--model", MODELS + "vit", "--method", "raw"},
        }) {
      run = CommandRun.heed(wrong);
      assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
      assertThat(run.err()).contains("--method");
    }
  }

  @Test
  void recorded_inputs_are_shown_without_a_text() {
    CommandRun run = CommandRun.heed("look", "--model", MODELS + "led");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("led on its recorded inputs, ")
        .contains("6 maps, shown for the first sequence")
        .contains(" 0 led.encoder.layers.0.self_attn.longformer_self_attn: 4 heads, 19 by 19; ")
        .contains(" 3 led.decoder.layers.0.encoder_attn: 4 heads, 7 by 19; rows sum to 1")
        .contains("Map 5, led.decoder.layers.1.encoder_attn, the mean of its heads");
    JsonNode json =
        json(CommandRun.heed("look", "--model", MODELS + "led", "--json")).get("maps").get(0);
    assertThat(json.get("derived").asBoolean()).isFalse();
    for (JsonNode head : json.get("weights")) {
      for (JsonNode row : head) {
        double sum = 0;
        for (JsonNode weight : row) {
          sum += weight.asDouble();
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void layers_without_attention_are_named_beside_what_they_amount_to() {
    CommandRun run = CommandRun.heed("look", "--model", MODELS + "minimax", "--layer", "0");
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("0 model.layers.0.self_attn: 4 heads, 13 by 13; no attention: what it amounts to")
        .contains("Map 0, model.layers.0.self_attn, the mean of its heads")
        .doesNotContain("Map 1");
    assertThat(CommandRun.heed("look", "--model", MODELS + "minimax", "--word", "it").err())
        .contains("expected a TEXT, got none");
    assertThat(CommandRun.heed("look").err()).contains("Missing required parameter: 'TEXT'");
  }
}
