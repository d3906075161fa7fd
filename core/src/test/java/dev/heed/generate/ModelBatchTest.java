package dev.heed.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.ConfigReader;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.ContinuousBatch;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.Prompts;
import dev.heed.generate.search.Search;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Real models in a continuous batch: windows, positions, states and what encoders read stay each
 * sequence's own. {@code -Dheed.requests=1000} asks for as many.
 */
class ModelBatchTest {
  private static SearchSettings settings(int number) {
    return SearchSettings.of(
            GenerationConfig.DEFAULTS
                .with("max_new_tokens", 1 + number * 7 % 23)
                .with("do_sample", number % 2 == 1)
                .with("temperature", 0.7))
        .withSeed(number);
  }

  private static int[] prompt(int number) {
    Random random = new Random(number);
    return random.ints(1 + random.nextInt(9), 3, 50).toArray();
  }

  /** A model, and what each request's encoder reads, if it has one. */
  private record Writer(Model model, IntFunction<ModelInput> source) {
    boolean reads() {
      return model.kind() == ModelKind.ENCODER_DECODER;
    }

    int[] prompt(int number) {
      return reads() && number % 4 != 0 ? new int[] {2} : ModelBatchTest.prompt(number);
    }

    ModelDecoder begin(int number, Prompts prompts) {
      try (TensorScope scope = TensorScope.open()) {
        return new ModelDecoder(model, prompts, source.apply(number));
      }
    }
  }

  /** Of mixed lengths where the family reads such. */
  private static ModelInput source(JsonNode config, int number) {
    Random random = new Random(number);
    return switch (config.path("model_type").asString("")) {
      case "whisper" ->
          sound(
              "input_features",
              random,
              config.path("num_mel_bins").asInt(),
              2 * config.path("max_source_positions").asInt());
      case "speech_to_text" ->
          sound(
              "input_features",
              random,
              20 + random.nextInt(20),
              config.path("input_feat_per_channel").asInt());
      case "moonshine" -> sound("input_values", random, 2000 + random.nextInt(2000));
      default -> {
        int[] ids = random.ints(1 + random.nextInt(30), 3, 60).toArray();
        yield PromptTensors.right(List.of(ids), 0);
      }
    };
  }

  private static ModelInput sound(String name, Random random, int... sizes) {
    int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    long[] shape =
        LongStream.concat(LongStream.of(1), Arrays.stream(sizes).asLongStream()).toArray();
    return ModelInput.of(name, Tensor.of(random.doubles(count).map(v -> v - 0.5).toArray(), shape));
  }

  private static void compare(Writer writer, int requests, int room) {
    List<CompletableFuture<Generated>> results = new ArrayList<>();
    try (ContinuousBatch batch = new ContinuousBatch(prompts -> writer.begin(0, prompts), room)) {
      Random arrival = new Random(2);
      while (results.size() < requests) {
        for (int i = arrival.nextInt(3); i > 0 && results.size() < requests; i--) {
          int number = results.size();
          results.add(
              batch.submit(
                  writer.prompt(number),
                  settings(number),
                  token -> {},
                  writer.reads() ? prompts -> writer.begin(number, prompts) : null));
        }
        batch.step();
      }
      while (batch.step()) {}
    }
    for (int number = 0; number < requests; number++) {
      Prompts prompts = new Prompts(new int[][] {writer.prompt(number)}, new int[1]);
      try (Search search = Search.start(writer.begin(number, prompts), prompts, settings(number))) {
        assertThat(results.get(number).join().tokens())
            .isEqualTo(search.finish().getFirst().getFirst().tokens());
      }
    }
  }

  private static Writer open(Path folder) {
    JsonNode config = ConfigReader.json(folder.resolve("config.json"));
    return new Writer(Model.load(folder, DType.F64), number -> source(config, number));
  }

  @TestFactory
  @Tag("integration")
  Stream<DynamicTest> requests_get_what_each_gets_alone() throws Exception {
    List<Path> folders;
    try (Stream<Path> found = Files.list(RecordedSearch.models())) {
      folders =
          found
              .filter(f -> Files.exists(f.resolve("generation_config.json")))
              // a caption is written about an image, which these requests do not have
              .filter(f -> !ConfigReader.json(f.resolve("config.json")).has("vision_config"))
              .filter(
                  f -> FillingDependence.of(ConfigReader.json(f.resolve("config.json"))) == null)
              .sorted()
              .toList();
    }
    assertThat(folders).isNotEmpty();
    return folders.stream()
        .map(folder ->
            DynamicTest.dynamicTest(
                String.valueOf(folder.getFileName()),
                () -> {
                  Writer writer = open(folder);
                  try (Model model = writer.model()) {
                    if (model.kind() != ModelKind.ENCODER) {
                      compare(writer, 8, 3);
                    }
                  }
                }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "t5", "bart"})
  @Tag("integration")
  void many_requests_of_mixed_lengths_get_what_each_gets_alone(String name) {
    Writer writer = open(RecordedSearch.models().resolve(name));
    try (Model model = writer.model()) {
      compare(writer, Integer.getInteger("heed.requests", 50), 16);
    }
  }
}
