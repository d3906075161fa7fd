package dev.heed.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class TrainingCommandsTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Path model = Files.createDirectories(folder.resolve("tiny"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 24,
         "num_hidden_layers": 1, "num_attention_heads": 3, "intermediate_size": 37,
         "max_position_embeddings": 19, "vocab_size": 9, "type_vocab_size": 2, "pad_token_id": 0}
        """);
    Files.write(
        model.resolve("vocab.txt"),
        List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "film", "very"));
    Files.writeString(
        model.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"BertTokenizer\"}");
    List<String> lines = new ArrayList<>(List.of("label\ttext"));
    for (String before : List.of("", "very ", "film ", "film very ")) {
      lines.add("no\t" + before + "bad");
      lines.add("yes\t" + before + "good");
    }
    Files.write(folder.resolve("train.tsv"), lines);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private CommandRun finetune(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "finetune",
                "--model",
                path("tiny"),
                "--task",
                "classify",
                "--train",
                path("train.tsv"),
                "--out",
                path("out")));
    arguments.addAll(List.of(more));
    return CommandRun.heed(arguments.toArray(String[]::new));
  }

  @Test
  void a_checkpoint_learns_from_the_command_line() throws IOException {
    CommandRun run =
        finetune(
            "--valid",
            path("train.tsv"),
            "--updates",
            "30",
            "--rate",
            "0.01",
            "--json",
            "--curves",
            path("curves.png"));
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode report = JsonMapper.shared().readTree(run.out());
    assertThat(report.get("metric").asString()).isEqualTo("accuracy");
    assertThat(report.get("score").asDouble()).isEqualTo(1);
    assertThat(report.get("updates").asLong()).isEqualTo(30);
    assertThat(run.err()).contains("update 3: accuracy ").contains("tokens/s");
    assertThat(Files.readAllLines(folder.resolve("out/training.jsonl"))).hasSize(40);
    assertThat(folder.resolve("out/vocab.txt")).exists();
    assertThat(folder.resolve("out/tensorboard")).isNotEmptyDirectory();
    BufferedImage curves = ImageIO.read(folder.resolve("curves.png").toFile());
    assertThat(curves.getWidth()).isGreaterThan(500);
    CommandRun again = finetune("--valid", path("train.tsv"), "--updates", "30", "--rate", "0.01");
    assertThat(again.out()).contains("out: 30 updates on 8 examples").contains("accuracy 1.0000");
    assertThat(again.err()).contains("going on after update 30 of 30");
  }

  @Test
  void a_recipe_names_its_files_beside_it() throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yaml"),
            """
            model: tiny
            task: classify
            data: {train: train.tsv, valid: train.tsv}   # paths beside this file
            learning: {updates: 4, learning_rate: 1.0e-2}
            """);
    CommandRun run = CommandRun.heed("train", recipe.toString(), "--out", path("out"));
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("out: 4 updates on 8 examples");
  }

  @Test
  void what_does_not_fit_is_said() throws IOException {
    CommandRun run = finetune("--lora", "4");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--lora: expected --lora-targets beside it");
    run = finetune("--warmup", "3");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("warmup: expected a share from 0 and below 1, got 3.0");
    run = finetune("--curves", path("curves.gif"));
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--curves: expected a name that ends in .png");
    run = finetune("--max-length", "77");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("max_length: expected at most 19 as the model reads, got 77");
    run = finetune("--lora", "4", "--lora-targets", "qeury");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("qeury").contains("query");
    Path recipe = Files.writeString(folder.resolve("recipe.yaml"), "model: [tiny\n");
    run = CommandRun.heed("train", recipe.toString(), "--out", path("out"));
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("recipe.yaml: expected YAML");
    Files.writeString(recipe, "model: tiny\ntask: classify\ndata: {trian: a.tsv}\n");
    run = CommandRun.heed("train", recipe.toString(), "--out", path("out"));
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("recipe.yaml, data: expected one of the keys [train, valid, ");
  }

  private JsonNode report(CommandRun run) {
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    return JsonMapper.shared().readTree(run.out());
  }

  @Test
  void several_processes_learn_what_one_learns() throws IOException {
    List<String> how =
        List.of("--valid", path("train.tsv"), "--updates", "12", "--rate", "0.01", "--json");
    JsonNode alone = report(finetune(how.toArray(String[]::new)));
    List<String> shared = new ArrayList<>(how);
    shared.addAll(List.of("--processes", "2", "--shard-optimizer", "--out", path("shared")));
    List<String> arguments =
        new ArrayList<>(
            List.of("finetune", "--model", path("tiny"), "--task", "classify", "--train"));
    arguments.add(path("train.tsv"));
    arguments.addAll(shared);
    JsonNode together = report(CommandRun.heed(arguments.toArray(String[]::new)));
    assertThat(together.get("updates").asLong()).isEqualTo(12);
    assertThat(together.get("loss").asDouble())
        .isCloseTo(alone.get("loss").asDouble(), org.assertj.core.data.Offset.offset(1e-4));
    assertThat(folder.resolve("shared/model.safetensors")).exists();
    assertThat(folder.resolve("shared/process-1.log")).exists();
  }

  @Test
  void processes_that_cannot_be_are_refused() {
    assertThat(finetune("--shard-optimizer").err())
        .contains("--shard-optimizer: expected --processes or --hosts beside it");
    assertThat(finetune("--hosts", "one,two").err())
        .contains("--rank: expected one of [0, 1] for [one, two], got null");
    assertThat(finetune("--rank", "1").err()).contains("--rank: expected --hosts beside it");
    assertThat(finetune("--processes", "3", "--batches", "2").err())
        .contains("batches of an update: expected at least one for each of 3 processes, got 2");
  }

  @Test
  void a_vocabulary_is_learned_from_files() throws IOException {
    Files.write(folder.resolve("a.txt"), List.of("low lower lowest", "new newer newest"));
    Files.write(folder.resolve("b.txt"), List.of("wide wider widest"));
    JsonNode report =
        report(
            CommandRun.heed(
                "vocabulary",
                path("a.txt"),
                path("b.txt"),
                "--size",
                "265",
                "--out",
                path("tokenizer"),
                "--json"));
    assertThat(report.get("tokens").asInt()).isEqualTo(265);
    assertThat(report.get("characters").asInt()).isEqualTo(49);
    dev.heed.text.Tokenizer tokenizer = dev.heed.text.Tokenizer.open(folder.resolve("tokenizer"));
    assertThat(tokenizer.decode(tokenizer.encode("a lower newt").ids(), false))
        .isEqualTo("a lower newt");
    CommandRun wrong =
        CommandRun.heed("vocabulary", path("a.txt"), "--kind", "bytes", "--out", path("other"));
    assertThat(wrong.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(wrong.err()).contains("--kind: expected byte-pairs, word-pieces or unigram");
    assertThat(CommandRun.heed("vocabulary", path("none.txt"), "--out", path("other")).err())
        .contains("none.txt");
  }
}
