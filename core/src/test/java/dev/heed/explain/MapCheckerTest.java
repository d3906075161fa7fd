package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** Maps are measured as is said, against runs of the model that are made here. */
@Tag("integration")
class MapCheckerTest {
  private static final String TEXT = "the cat sat on the mat.";
  private static final int MASK = 4;
  private static final String BERT =
      """
      {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 21, "hidden_size": 8,
       "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 12,
       "max_position_embeddings": 24}\
      """;
  private static final String CLASSIFIER =
      BERT.replace("BertModel", "BertForSequenceClassification");
  private static final String GPT2 =
      """
      {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 21,
       "n_positions": 24, "n_embd": 8, "n_layer": 3, "n_head": 2}\
      """;
  private static final String T5 =
      """
      {"model_type": "t5", "architectures": ["T5ForConditionalGeneration"], "vocab_size": 21,
       "d_model": 8, "d_kv": 4, "d_ff": 12, "num_layers": 2, "num_heads": 2}\
      """;

  @TempDir private Path folder;

  /** A folder with random weights, large enough to tell, and a small BERT's tokenizer. */
  private ModelFiles files(String config) throws Exception {
    double factor = config.equals(T5) ? 1 : 3;
    Files.writeString(folder.resolve("config.json"), config);
    Path tokenizer =
        Path.of(
            Objects.requireNonNull(
                    MapCheckerTest.class.getResource("/embedding/tiny/tokenizer.json"))
                .toURI());
    Files.copy(tokenizer, folder.resolve("tokenizer.json"));
    ModelConfig keys = new ModelConfig("test", JsonMapper.shared().readTree(config));
    try (Generator generator = new Generator(3);
        TensorScope scope = TensorScope.open();
        Model model =
            ModelFamilies.of(keys)
                .builder()
                .build(Weights.initialise(generator, DType.F32), keys)) {
      Map<String, Tensor> larger = new java.util.LinkedHashMap<>();
      model.parameters().forEach((name, value) -> larger.put(name, value.detach().mul(factor)));
      SafetensorsWriter.write(folder.resolve("model.safetensors"), larger, Map.of());
    }
    return ModelFiles.folder(folder);
  }

  private static MapCheck check(MapChecker checker, MapMethod method, boolean pieces, int unit) {
    return checker.check(
        new MapChecker.Question(TEXT, pieces, method, 1, 1, unit), (done, of) -> {});
  }

  @Test
  void a_heads_row_is_the_models_own() throws Exception {
    ModelFiles files = files(BERT);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files)) {
      AttentionMap map = capture.read(TEXT).words(TEXT);
      MapCheck found = check(checker, MapMethod.RAW, false, 2);
      assertThat(found.outcome()).isEqualTo(Outcome.Kind.WORD_VECTOR);
      for (int key = 0; key < map.size(); key++) {
        assertThat(found.marks()[key]).isCloseTo(map.row(1, 1, 2)[key], within(1e-6));
      }
      assertThat(Objects.requireNonNull(found.agreement())).isBetween(-1.0, 1.0);
    }
  }

  @Test
  void the_last_of_some_tokens_looks_back() throws Exception {
    ModelFiles files = files(GPT2);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files)) {
      long[] ids = files.tokenizer().encode(TEXT).ids();
      MapCheck found = checker.checkLast(ids, 1, 1, (done, of) -> {});
      float[] row = capture.read(TEXT).row(1, 1, ids.length - 1);
      assertThat(found.outcome()).isEqualTo(Outcome.Kind.NEXT_TOKEN);
      for (int key = 0; key < row.length; key++) {
        assertThat(found.marks()[key]).isCloseTo(row[key], within(1e-6));
      }
      assertThatThrownBy(() -> checker.checkLast(new long[] {1, 99}, 1, 1, (done, of) -> {}))
          .hasMessage("ids: expected a number from 0 to 20, got 99");
      assertThatThrownBy(() -> checker.checkLast(new long[25], 1, 1, (done, of) -> {}))
          .hasMessage("ids: expected 1 to 24 tokens, got 25");
    }
  }

  @Test
  void what_goes_through_all_layers_is_the_published_map() throws Exception {
    ModelFiles files = files(BERT);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files);
        TensorScope scope = TensorScope.open()) {
      AttentionMap map = capture.read(TEXT);
      Tensor all = stacked(map);
      double[] rollout =
          AttentionRollout.of(all).select(0, -1).select(0, 2).to(DType.F64).toDoubleArray();
      double[] flow =
          AttentionFlow.of(all).shares().select(0, -1).select(0, 2).to(DType.F64).toDoubleArray();
      assertThat(check(checker, MapMethod.ROLLOUT, true, 2).marks())
          .containsExactly(rollout, within(1e-6));
      assertThat(check(checker, MapMethod.FLOW, true, 2).marks())
          .containsExactly(flow, within(1e-6));
    }
  }

  private static Tensor stacked(AttentionMap map) {
    int size = map.size();
    float[] all = new float[map.layers() * map.heads() * size * size];
    int at = 0;
    for (float[][][] layer : map.weights()) {
      for (float[][] head : layer) {
        for (float[] row : head) {
          System.arraycopy(row, 0, all, at, size);
          at += size;
        }
      }
    }
    return Tensor.of(all, map.layers(), map.heads(), size, size);
  }

  @Test
  void taking_the_marked_words_away_is_measured_on_the_vector() throws Exception {
    ModelFiles files = files(BERT);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files);
        Model model = ModelLoader.of(files).load();
        TensorScope scope = TensorScope.open()) {
      long[] ids = capture.checked(TEXT).ids();
      MapCheck found = check(checker, MapMethod.GRADIENT, true, 3);
      MapCheck.Removal removal = Objects.requireNonNull(found.removal());
      assertThat(removal.masked()).isTrue();
      assertThat(removal.units()).hasSize((int) Math.ceil(0.1 * (ids.length - 3)));
      double least =
          removal.units().stream().mapToDouble(i -> found.marks()[i]).min().orElseThrow();
      assertThat(
              IntStream.range(1, ids.length - 1)
                  .filter(i -> i != 3 && !removal.units().contains(i))
                  .mapToDouble(i -> found.marks()[i]))
          .allMatch(mark -> mark <= least);
      long[] masked = ids.clone();
      removal.units().forEach(i -> masked[i] = MASK);
      double[] whole = vector(model, ids, 3, Trace.NONE);
      assertThat(removal.change())
          .isCloseTo(away(whole, vector(model, masked, 3, Trace.NONE)), within(1e-6));
      assertThat(removal.sets()).isEqualTo(10);
      assertThat(found.agreement()).isNull();
      assertThat(found.alternative()).isNull();
    }
  }

  @Test
  void an_even_head_and_another_map_are_put_in_the_heads_place() throws Exception {
    ModelFiles files = files(BERT);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files);
        Model model = ModelLoader.of(files).load();
        TensorScope scope = TensorScope.open()) {
      long[] ids = capture.checked(TEXT).ids();
      MapCheck found = check(checker, MapMethod.RAW, true, 3);
      double[] whole = vector(model, ids, 3, Trace.NONE);
      double[] even = new double[ids.length];
      java.util.Arrays.fill(even, 1.0 / ids.length);
      try (Trace trace = Trace.changing()) {
        trace.replace(lastPattern(model), pattern -> headed(pattern, even, false));
        assertThat(found.uniform())
            .isCloseTo(away(whole, vector(model, ids, 3, trace)), within(1e-6));
      }
      MapCheck.Alternative other = Objects.requireNonNull(found.alternative());
      assertThat(other.shuffles()).isEqualTo(32);
      float[] weights = other.weights();
      if (weights != null) {
        assertThat(other.alike()).isBetween(1, 32);
        double[] row = new double[ids.length];
        java.util.Arrays.setAll(row, i -> weights[i]);
        assertThat(row).containsExactlyInAnyOrder(sorted(found.marks(), row));
        try (Trace trace = Trace.changing()) {
          trace.replace(lastPattern(model), pattern -> headed(pattern, row, true));
          assertThat(other.change())
              .isCloseTo(away(whole, vector(model, ids, 3, trace)), within(1e-5));
        }
      } else {
        assertThat(other.alike()).isZero();
      }
    }
  }

  /** The marks as floats, as they are in the other row: the same numbers in another order. */
  private static double[] sorted(double[] marks, double[] row) {
    assertThat(marks).hasSameSizeAs(row);
    return java.util.Arrays.stream(marks).map(mark -> (float) mark).toArray();
  }

  private static String lastPattern(Model model) {
    try (TensorScope scope = TensorScope.open();
        Trace trace = Trace.record(AttentionMap::needs)) {
      model.apply(AttentionCapture.input(model, Tensor.of(new long[1], 1, 1)), trace);
      return List.copyOf(trace.values().keySet()).getLast();
    }
  }

  /** Head 1 with this row for every query, or for query 3 alone. */
  private static Tensor headed(Tensor pattern, double[] row, boolean one) {
    int size = row.length;
    float[] all = pattern.toFloatArray();
    for (int query = 0; query < size; query++) {
      for (int key = 0; key < size && (!one || query == 3); key++) {
        all[(size + query) * size + key] = (float) row[key];
      }
    }
    return Tensor.of(all, 1, 2, size, size);
  }

  private static double[] vector(Model model, long[] ids, int at, Trace trace) {
    return model
        .apply(AttentionCapture.input(model, Tensor.of(ids, 1, ids.length)), trace)
        .lastHiddenState()
        .select(0, 0)
        .select(0, at)
        .to(DType.F64)
        .toDoubleArray();
  }

  private static double away(double[] one, double[] two) {
    double both = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < one.length; i++) {
      both += one[i] * two[i];
      first += one[i] * one[i];
      second += two[i] * two[i];
    }
    return 1 - both / Math.sqrt(first * second);
  }

  @ParameterizedTest
  @EnumSource(MapMethod.class)
  void a_classifier_is_measured_on_its_classes(MapMethod method) throws Exception {
    ModelFiles files = files(CLASSIFIER);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files)) {
      MapCheck found = check(checker, method, false, 0);
      assertThat(found.outcome()).isEqualTo(Outcome.Kind.CLASSES);
      assertThat(found.uniform()).isBetween(0.0, 1.0);
    }
  }

  @ParameterizedTest
  @EnumSource(MapMethod.class)
  void a_decoder_is_measured_on_the_next_token_and_sees_nothing_later(MapMethod method)
      throws Exception {
    ModelFiles files = files(GPT2);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files)) {
      MapCheck found = check(checker, method, true, 4);
      assertThat(found.outcome()).isEqualTo(Outcome.Kind.NEXT_TOKEN);
      assertThat(java.util.Arrays.stream(found.marks()).skip(5)).allMatch(mark -> mark == 0);
      assertThat(Objects.requireNonNull(found.removal()).units()).allMatch(unit -> unit < 4);
    }
  }

  @Test
  void an_encoder_decoder_is_measured_on_what_it_read() throws Exception {
    ModelFiles files = files(T5);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files)) {
      MapCheck found = check(checker, MapMethod.ROLLOUT, false, 2);
      assertThat(found.outcome()).isEqualTo(Outcome.Kind.WORD_VECTOR);
      assertThat(found.uniform()).isPositive();
    }
  }

  @Test
  void a_check_tells_how_far_it_is_and_ends_when_told() throws Exception {
    ModelFiles files = files(BERT);
    MapChecker.Question question = new MapChecker.Question(TEXT, true, MapMethod.RAW, 0, 0, 2);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files)) {
      List<Integer> told = new ArrayList<>();
      List<Integer> all = new ArrayList<>();
      checker.check(
          question,
          (done, of) -> {
            told.add(done);
            all.add(of);
          });
      assertThat(told).isSorted().startsWith(0).endsWith(all.getFirst());
      assertThat(all).containsOnly(all.getFirst());
      assertThatThrownBy(() ->
              checker.check(
                  question,
                  (done, of) -> {
                    if (done > 1) {
                      throw new CancellationException("left");
                    }
                  }))
          .isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void what_there_is_not_is_refused() throws Exception {
    ModelFiles files = files(BERT);
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files)) {
      assertThatThrownBy(() -> check(checker, MapMethod.RAW, true, 99))
          .hasMessageContaining("word: expected a number from 0 to");
      assertThatThrownBy(() ->
              checker.check(
                  new MapChecker.Question(TEXT, true, MapMethod.RAW, 2, 0, 1), (done, of) -> {}))
          .hasMessageContaining("layer: expected a number from 0 to 1, got 2");
      assertThatThrownBy(() ->
              checker.check(
                  new MapChecker.Question(TEXT, true, MapMethod.RAW, 0, 2, 1), (done, of) -> {}))
          .hasMessageContaining("head: expected a number from 0 to 1, got 2");
    }
  }
}
