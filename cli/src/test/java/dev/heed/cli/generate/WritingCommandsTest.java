package dev.heed.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.fixture.NumberedWords;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that write, on a tiny Llama whose words are w0, w1, … */
@Tag("integration")
class WritingCommandsTest {
  private static final int VOCABULARY = 30;
  private static final int SIZE = 8;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8,
         "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
         "num_key_value_heads": 2, "vocab_size": 30, "max_position_embeddings": 64,
         "rms_norm_eps": 1e-5, "tie_word_embeddings": true, "hidden_act": "silu",
         "attention_bias": false, "mlp_bias": false, "rope_theta": 10000.0, "eos_token_id": 29}
        """);
    NumberedWords.write(folder, VOCABULARY);
    try (TensorScope scope = TensorScope.open()) {
      Generator random = new Generator(3);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("model.embed_tokens.weight", Tensor.randn(random, VOCABULARY, SIZE));
      for (String name : new String[] {"q", "k", "v", "o"}) {
        tensors.put(
            "model.layers.0.self_attn." + name + "_proj.weight", Tensor.randn(random, SIZE, SIZE));
      }
      for (String name : new String[] {"gate", "up", "down"}) {
        tensors.put(
            "model.layers.0.mlp." + name + "_proj.weight", Tensor.randn(random, SIZE, SIZE));
      }
      for (String name :
          new String[] {"norm", "layers.0.input_layernorm", "layers.0.post_attention_layernorm"}) {
        tensors.put("model." + name + ".weight", Tensor.ones(Shape.of(SIZE), DType.F32));
      }
      SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }
  }

  private CommandRun heed(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = arguments[0];
    all[1] = "--model";
    all[2] = folder.toString();
    System.arraycopy(arguments, 1, all, 3, arguments.length - 1);
    return CommandRun.heed(all);
  }

  private static CommandRun withInput(String text, java.util.function.Supplier<CommandRun> run) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    try {
      return run.get();
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void generate_prints_the_prompt_and_what_follows() {
    CommandRun whole = heed("generate", "--max-new-tokens", "5", "w1 w2");
    assertThat(whole.exit()).isEqualTo(ExitStatus.OK);
    assertThat(whole.out()).startsWith("w1 w2 w").endsWith("\n");
    CommandRun alone = heed("generate", "--max-new-tokens", "5", "--no-prompt", "w1 w2");
    assertThat("w1 w2" + alone.out()).isEqualTo(whole.out());
  }

  @Test
  void json_has_tokens_and_log_probabilities_of_every_result() {
    CommandRun run =
        heed(
            "generate",
            "--json",
            "--beams",
            "3",
            "--set",
            "num_return_sequences=2",
            "--max-new-tokens",
            "4",
            "w1 w2");
    JsonNode results = new JsonMapper().readTree(run.out()).get("results");
    assertThat(results.size()).isEqualTo(2);
    assertThat(results.get(0).get("score").asDouble())
        .isGreaterThanOrEqualTo(results.get(1).get("score").asDouble());
    assertThat(results.get(0).get("logProbabilities").size())
        .isEqualTo(results.get(0).get("tokens").size());
  }

  @Test
  void a_line_that_fails_does_not_lose_the_others() {
    String input = "w1\n" + "w2 ".repeat(70) + "\nw3\n";
    CommandRun run =
        withInput(input, () -> heed("generate", "--file", "-", "--max-new-tokens", "3"));
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    String[] lines = run.out().split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).contains("\"results\"");
    assertThat(lines[1]).contains("\"line\":2").contains("fewer tokens than the model's 64");
    assertThat(lines[2]).contains("\"line\":3").contains("\"results\"");
    CommandRun together =
        withInput(
            input, () -> heed("generate", "--file", "-", "--batch", "2", "--max-new-tokens", "3"));
    String[] same = together.out().split("\n");
    for (int i = 0; i < 3; i++) {
      String text = lines[i].replaceFirst("\"score.*", "");
      assertThat(same[i]).startsWith(text);
    }
  }

  @Test
  void prompts_come_from_files_of_a_folder_and_from_whole_files() throws IOException {
    Path prompts = Files.createDirectory(folder.resolve("prompts"));
    Files.writeString(prompts.resolve("a.txt"), "w1 w2");
    Files.write(prompts.resolve("b.txt"), new byte[] {(byte) 0xff});
    Files.writeString(prompts.resolve("c.txt"), "w3\nw4");
    for (String[] more : new String[][] {{}, {"--batch", "2"}}) {
      List<String> all =
          new ArrayList<>(
              List.of("generate", "--file", prompts.toString(), "--max-new-tokens", "3"));
      all.addAll(List.of(more));
      CommandRun run = heed(all.toArray(String[]::new));
      assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
      String[] lines = run.out().split("\n");
      assertThat(lines).hasSize(3);
      assertThat(lines[0]).contains("\"file\":\"a.txt\"").contains("\"results\"");
      assertThat(lines[1]).contains("b.txt").contains("expected text in UTF-8");
      assertThat(lines[2]).contains("c.txt").contains("\"results\"");
    }
    CommandRun whole =
        heed(
            "generate",
            "--whole",
            "--file",
            prompts.resolve("c.txt").toString(),
            "--max-new-tokens",
            "3");
    assertThat(whole.out().lines()).hasSize(1);
  }

  @Test
  void what_written_tokens_looked_at_is_drawn() throws IOException {
    Path page = folder.resolve("looked.html");
    CommandRun run =
        heed("generate", "--max-new-tokens", "6", "--attention", page.toString(), "w1 w2 w3");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).startsWith("w1 w2 w3 w");
    assertThat(Files.readString(page))
        .contains("The text so far: how much each token was looked at")
        .contains("which tokens each written token looked at");
    Path picture = folder.resolve("looked.png");
    assertThat(
            withInput(
                    "w1 w2\n",
                    () ->
                        heed(
                            "generate",
                            "--max-new-tokens",
                            "6",
                            "--attention",
                            picture.toString(),
                            "-"))
                .exit())
        .isEqualTo(ExitStatus.OK);
    assertThat(Files.size(picture)).isGreaterThan(1000);
    CommandRun two =
        withInput("w1\nw2\n", () -> heed("generate", "-", "--attention", page.toString()));
    assertThat(two.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(two.err()).contains("--attention: expected one text, got 2");
  }

  @Test
  void keys_and_values_may_be_kept_in_bytes() {
    CommandRun run = heed("generate", "--cache-bits", "8", "--max-new-tokens", "5", "w1 w2");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).startsWith("w1 w2 w");
    CommandRun four = heed("generate", "--cache-bits", "4", "w1 w2");
    assertThat(four.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(four.err()).contains("nbits: expected 8, got 4");
  }

  @Test
  void options_are_checked_before_a_word_is_written() {
    assertThat(heed("generate", "--greedy", "--top-k", "3", "w1").exit())
        .isEqualTo(ExitStatus.USAGE);
    CommandRun unknown = heed("generate", "--set", "unheard_of=1", "w1");
    assertThat(unknown.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(unknown.err()).contains("no key of a generation_config.json is called unheard_of");
    assertThat(heed("generate", "--set", "num_beems=4", "w1").err())
        .contains("did you mean num_beams");
    assertThat(heed("generate", "--max-new-tokens", "0", "w1").err())
        .startsWith("heed: --max-new-tokens: expected at least 1, got 0");
    CommandRun lengthy = heed("generate", "w1 ".repeat(70));
    assertThat(lengthy.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(lengthy.err()).startsWith("heed: prompt: expected fewer tokens than the model's 64");
    CommandRun integers = heed("generate", "--dtype", "i64", "w1");
    assertThat(integers.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(integers.err()).contains("--dtype").contains("expected one of f64, f32, f16, bf16");
    assertThat(heed("generate", "--attention", "x.gif", "w1").err())
        .contains("expected a name that ends in .html or .png, got x.gif");
    assertThat(heed("generate", "--top-p", "1.5", "w1").err())
        .startsWith("heed: --top-p: expected above 0 and at most 1, got 1.5");
    assertThat(heed("generate").err()).contains("PROMPT");
  }

  @Test
  void chat_keeps_its_turns() throws IOException {
    Files.writeString(
        folder.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.role == 'user' and 'w1' or 'w2' }} {{ m.content }} "
            + "{% endfor %}w3");
    CommandRun run =
        withInput(
            "w4 w5\n/reset\nw4 w5\nw6\n/exit\nw7\n",
            () -> heed("chat", "--json", "--max-new-tokens", "4"));
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode turns = new JsonMapper().readTree(run.out());
    assertThat(turns.size()).isEqualTo(3);
    assertThat(turns.get(1)).isEqualTo(turns.get(0));
    CommandRun alone =
        heed(
            "generate",
            "--no-prompt",
            "--max-new-tokens",
            "4",
            "w1 w4 w5 w2 " + turns.get(1).get("assistant").stringValue() + " w1 w6 w3");
    assertThat(alone.out().stripTrailing())
        .isEqualTo(turns.get(2).get("assistant").stringValue().stripTrailing());
  }

  @Test
  void a_turn_that_fails_is_left_out_and_the_last_answer_is_drawn() throws IOException {
    Files.writeString(
        folder.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.content }} {% endfor %}w3");
    Path page = folder.resolve("chat.html");
    Path turns =
        Files.writeString(folder.resolve("turns.txt"), "w4\n" + "w5 ".repeat(70) + "\nw6\n");
    CommandRun run =
        heed(
            "chat",
            "--json",
            "--max-new-tokens",
            "4",
            "--file",
            turns.toString(),
            "--attention",
            page.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    JsonNode told = new JsonMapper().readTree(run.out());
    assertThat(told.size()).isEqualTo(3);
    assertThat(told.get(1).get("error").stringValue()).contains("fewer tokens than");
    CommandRun without =
        withInput("w4\nw6\n", () -> heed("chat", "--json", "--max-new-tokens", "4"));
    assertThat(new JsonMapper().readTree(without.out()).get(1)).isEqualTo(told.get(2));
    assertThat(Files.readString(page)).contains("The text so far");
    CommandRun one = heed("chat", "--max-new-tokens", "4", "w4");
    assertThat(one.exit()).isEqualTo(ExitStatus.OK);
    assertThat(one.out().stripTrailing())
        .isEqualTo(told.get(0).get("assistant").stringValue().stripTrailing());
  }

  @Test
  void chat_needs_a_template() {
    CommandRun run = heed("chat");
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("chat_template");
  }

  @Test
  void a_form_holds_for_every_text() throws IOException {
    CommandRun run =
        heed("generate", "--no-prompt", "--sample", "--regex", "( ?w[0-3]){3}", "w1 w2");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().strip()).matches("( ?w[0-3]){3}");
    CommandRun wrong = heed("generate", "--regex", "(a", "w1");
    assertThat(wrong.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(wrong.err()).contains("closing parenthesis");
    Path rules = Files.writeString(folder.resolve("rules.gbnf"), "root ::= \" \"? \"w2\"");
    assertThat(heed("generate", "--no-prompt", "--grammar", rules.toString(), "w1").out().strip())
        .isEqualTo("w2");
    assertThat(heed("generate", "--regex", "a", "--json-only", "w1").exit())
        .isEqualTo(ExitStatus.USAGE);
  }
}
