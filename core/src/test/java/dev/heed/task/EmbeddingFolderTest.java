package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of sentence-transformers is read as it says, or refused. */
@Tag("integration")
class EmbeddingFolderTest {
  private static final String TEXT = "the cat sat on the mat.";

  /** The first token's state, normalised, computed outside of Heed. */
  private static final float[] FIRST = {
    -0.088955f, 0.185138f, 0.760929f, -0.303638f, -0.264225f, -0.051478f, 0.032492f, -0.461608f
  };

  @TempDir private Path folder;

  @BeforeEach
  void copies_the_folder() throws Exception {
    Path tiny =
        Path.of(
            Objects.requireNonNull(EmbeddingFolderTest.class.getResource("/embedding/tiny"))
                .toURI());
    try (Stream<Path> files = Files.walk(tiny)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = folder.resolve(tiny.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  private void write(String file, String json) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, json);
  }

  private float[] embed() {
    try (Embedder embedder = Embedder.open(ModelFiles.folder(folder), DType.F32)) {
      float[] alone = embedder.embed(TEXT);
      // Beside others of other lengths it is the same.
      float[] among = embedder.embed(List.of("the", TEXT, TEXT + " " + TEXT)).get(1);
      assertThat(among).containsExactly(alone, within(1e-5f));
      assertThat(alone).hasSize(embedder.size());
      return alone;
    }
  }

  /** The states {@code [T, H]} of the text's tokens. */
  private double[][] states() {
    try (TensorScope scope = TensorScope.inference();
        Embedder embedder = Embedder.open(ModelFiles.folder(folder), DType.F32);
        Model model = Model.load(folder)) {
      long[] ids = embedder.tokens(TEXT);
      Tensor hidden =
          model
              .apply(ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length)))
              .lastHiddenState()
              .squeeze(0);
      double[][] rows = new double[ids.length][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = hidden.select(0, i).toDoubleArray();
      }
      return rows;
    }
  }

  @Test
  void the_first_token_equals_what_was_computed_outside() {
    assertThat(embed()).containsExactly(FIRST, within(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cls_token",
        "max_tokens",
        "mean_tokens",
        "mean_sqrt_len_tokens",
        "weightedmean_tokens",
        "lasttoken"
      })
  void each_kind_of_pooling_equals_its_formula(String kind) throws IOException {
    write("1_Pooling/config.json", "{\"pooling_mode_" + kind + "\": true}");
    write("modules.json", modules("Transformer", "", "Pooling", "1_Pooling"));
    double[][] states = states();
    int n = states.length;
    double[] expected = new double[states[0].length];
    for (int j = 0; j < expected.length; j++) {
      double sum = 0;
      double weighted = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        sum += states[i][j];
        weighted += (i + 1) * states[i][j];
        most = Math.max(most, states[i][j]);
      }
      expected[j] =
          switch (kind) {
            case "cls_token" -> states[0][j];
            case "max_tokens" -> most;
            case "mean_tokens" -> sum / n;
            case "mean_sqrt_len_tokens" -> sum / Math.sqrt(n);
            case "weightedmean_tokens" -> weighted / (n * (n + 1) / 2.0);
            default -> states[n - 1][j];
          };
    }
    float[] found = embed();
    for (int j = 0; j < expected.length; j++) {
      assertThat((double) found[j]).isCloseTo(expected[j], within(1e-5));
    }
  }

  @Test
  void several_kinds_stand_side_by_side_in_the_field_s_order() throws IOException {
    write(
        "1_Pooling/config.json",
        "{\"pooling_mode_mean_tokens\": true, \"pooling_mode_cls_token\": true}");
    write("modules.json", modules("Transformer", "", "Pooling", "1_Pooling"));
    double[][] states = states();
    float[] found = embed();
    assertThat(found).hasSize(16);
    assertThat((double) found[0]).isCloseTo(states[0][0], within(1e-5));
  }

  @Test
  void a_dense_map_stands_behind_the_pooling() throws IOException {
    float[] first = embed();
    write(
        "modules.json",
        modules("Transformer", "", "Pooling", "1_Pooling", "Normalize", "", "Dense", "2_Dense"));
    assertThatThrownBy(this::embed)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("Normalize as the last module");
    write(
        "modules.json",
        modules("Transformer", "", "Pooling", "1_Pooling", "Dense", "2_Dense", "Normalize", ""));
    write(
        "2_Dense/config.json",
        "{\"in_features\": 8, \"out_features\": 2, \"bias\": true, \"activation_function\":"
            + " \"torch.nn.modules.linear.Identity\"}");
    try (TensorScope scope = TensorScope.open()) {
      float[] weight = new float[16];
      weight[0] = 3;
      weight[9] = 3;
      SafetensorsWriter.write(
          folder.resolve("2_Dense/model.safetensors"),
          Map.of(
              "linear.weight",
              Tensor.of(weight, 2, 8),
              "linear.bias",
              Tensor.of(new float[] {0, 0}, 2)),
          Map.of());
    }
    float[] found = embed();
    double length = Math.hypot(first[0], first[1]);
    assertThat(found)
        .containsExactly(
            new float[] {(float) (first[0] / length), (float) (first[1] / length)}, within(1e-5f));
  }

  @Test
  void a_default_prompt_stands_in_front_and_others_by_name() throws IOException {
    float[] plain = embed();
    write(
        "config_sentence_transformers.json",
        "{\"prompts\": {\"query\": \"the dog \", \"document\": \"\"}, \"default_prompt_name\":"
            + " \"query\"}");
    try (Embedder embedder = Embedder.open(ModelFiles.folder(folder), DType.F32)) {
      assertThat(embedder.prompts()).containsOnlyKeys("query", "document");
      float[] prompted = embedder.embed(TEXT);
      assertThat(Embedder.similarity(plain, prompted)).isLessThan(0.9999);
      Embedder document = embedder.withPrompt("document");
      assertThat(document.embed(TEXT)).containsExactly(plain, within(1e-5f));
      assertThat(document.embed("the dog " + TEXT)).containsExactly(prompted, within(1e-5f));
      assertThatThrownBy(() -> embedder.withPrompt("passage"))
          .hasMessageContaining("query")
          .hasMessageContaining("passage");
    }
  }

  @Test
  void lengths_follow_the_sentence_config_then_the_tokenizer_s() throws IOException {
    write("sentence_bert_config.json", "{\"max_seq_length\": 4, \"do_lower_case\": false}");
    try (Embedder embedder = Embedder.open(ModelFiles.folder(folder), DType.F32)) {
      assertThat(embedder.longest()).isEqualTo(4);
      List<Embedder.Tokens> fitted = embedder.fit(List.of(TEXT, "the"));
      assertThat(fitted).extracting(Embedder.Tokens::cut).containsExactly(true, false);
      assertThat(fitted).extracting(text -> text.ids().length).containsExactly(4, 3);
      assertThat(embedder.tokens(TEXT)).isEqualTo(fitted.getFirst().ids());
    }
    write("sentence_bert_config.json", "{\"max_seq_length\": null}");
    write("tokenizer_config.json", "{\"model_max_length\": 5}");
    try (Embedder embedder = Embedder.open(ModelFiles.folder(folder), DType.F32)) {
      assertThat(embedder.longest()).isEqualTo(5);
    }
    write("tokenizer_config.json", "{\"model_max_length\": 1e30}");
    try (Embedder embedder = Embedder.open(ModelFiles.folder(folder), DType.F32)) {
      assertThat(embedder.longest()).isEqualTo(24);
    }
  }

  @Test
  void what_heed_does_not_do_is_refused_by_name() throws IOException {
    write("modules.json", modules("Transformer", "", "WordWeights", "1_Pooling"));
    assertThatThrownBy(this::embed)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("WordWeights");
    write("modules.json", modules("Transformer", "", "Pooling", "../elsewhere"));
    assertThatThrownBy(this::embed)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("within the folder");
    write("modules.json", modules("Transformer", "", "Pooling", "1_Pooling"));
    write("1_Pooling/config.json", "{\"pooling_mode\": \"median\"}");
    assertThatThrownBy(this::embed)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("median");
  }

  private static String modules(String... typesAndPaths) {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < typesAndPaths.length; i += 2) {
      json.append(i == 0 ? "" : ", ")
          .append("{\"idx\": ")
          .append(i / 2)
          .append(", \"path\": \"")
          .append(typesAndPaths[i + 1])
          .append("\", \"type\": \"sentence_transformers.models.")
          .append(typesAndPaths[i])
          .append("\"}");
    }
    return json.append("]").toString();
  }
}
