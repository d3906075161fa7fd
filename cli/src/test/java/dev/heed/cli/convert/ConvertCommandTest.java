package dev.heed.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class ConvertCommandTest {
  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectories(folder.resolve("model"));
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> tensors =
          Map.of(
              "bert.embeddings.word_embeddings.weight", Tensor.of(new float[320], 5, 64),
              "bert.embeddings.token_type_embeddings.weight", Tensor.of(new float[128], 2, 64),
              "cls.bias", Tensor.of(new float[] {1}, 1));
      SafetensorsWriter.write(model.resolve("model.safetensors"), tensors, Map.of());
    }
    Files.writeString(
        model.resolve("config.json"),
        "{\"model_type\":\"bert\",\"hidden_size\":64,\"num_hidden_layers\":1,"
            + "\"num_attention_heads\":2,\"intermediate_size\":8,\"layer_norm_eps\":1e-12,"
            + "\"max_position_embeddings\":7,\"type_vocab_size\":2,\"hidden_act\":\"gelu\"}");
  }

  private CommandRun convert(String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "convert";
    arguments[1] = model.toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return CommandRun.heed(java.util.Arrays.copyOf(arguments, 2 + more.length));
  }

  @Test
  void writes_gguf_of_the_wanted_type() {
    String to = folder.resolve("m.gguf").toString();
    CommandRun run = convert(to, "--type", "q8_0", "--leave-out", "cls\\..*");
    assertThat(run.err()).contains("The tokenizer is not converted");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("m.gguf: 2 tensors, 852 bytes, {F32=1, Q8_0=1}");
    CommandRun again = convert(to, "--leave-out", "cls\\..*");
    assertThat(again.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(again.err()).contains("there is a model already; --force replaces it");
    CommandRun forced = convert(to, "--leave-out", "cls\\..*", "--force", "--json");
    JsonNode report = new JsonMapper().readTree(forced.out());
    assertThat(report.get("types").get("F16").asLong()).isEqualTo(1);
  }

  @Test
  void names_the_tensors_that_gguf_lacks() {
    CommandRun run = convert(folder.resolve("m.gguf").toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("\"cls.bias\"").contains("--leave-out");
    assertThat(folder.resolve("m.gguf")).doesNotExist();
  }

  @Test
  void writes_a_folder_of_files_of_limited_size() {
    Path to = folder.resolve("cut");
    CommandRun run = convert(to.toString(), "--type", "f16", "--shard-size", "1KB");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(to.resolve("model.safetensors.index.json")).doesNotExist();
    assertThat(to.resolve("config.json")).exists();
    assertThat(run.out()).contains("cut: 3 tensors, 898 bytes, {F16=3}");
  }

  @Test
  void wrong_options_are_told() {
    String to = folder.resolve("m.gguf").toString();
    assertThat(convert(to, "--type", "q3").err())
        .contains("--type: expected one of f32, f16, bf16, q8_0, q4_0, got q3");
    assertThat(convert(to, "--shard-size", "5").err()).contains("expected for example 500MB");
    assertThat(convert(to, "--leave-out", "(").err()).contains("a regular expression, got (");
    assertThat(convert(folder.resolve("none/m.gguf").toString()).err()).contains("no such folder");
    assertThat(convert(model.toString()).err()).contains("another place than what is read");
  }
}
