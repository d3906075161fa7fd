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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Real decoders in a continuous batch: windows, positions and states stay each sequence's own. */
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
    return random.ints(1 + random.nextInt(9), 3, 60).toArray();
  }

  private static ModelDecoder begin(Model model, Prompts prompts) {
    return new ModelDecoder(model, prompts, ModelInput.of(Map.of()));
  }

  private static void compare(Model model, int requests, int room) {
    List<CompletableFuture<Generated>> results = new ArrayList<>();
    try (ContinuousBatch batch = new ContinuousBatch(prompts -> begin(model, prompts), room)) {
      Random arrival = new Random(2);
      while (results.size() < requests) {
        for (int i = arrival.nextInt(3); i > 0 && results.size() < requests; i--) {
          int number = results.size();
          results.add(batch.submit(prompt(number), settings(number), token -> {}));
        }
        batch.step();
      }
      while (batch.step()) {}
    }
    for (int number = 0; number < requests; number++) {
      Prompts prompts = new Prompts(new int[][] {prompt(number)}, new int[1]);
      try (Search search = Search.start(begin(model, prompts), prompts, settings(number))) {
        assertThat(results.get(number).join().tokens())
            .isEqualTo(search.finish().getFirst().getFirst().tokens());
      }
    }
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
                  try (Model model = Model.load(folder, DType.F64)) {
                    if (model.kind() == ModelKind.DECODER) {
                      compare(model, 8, 3);
                    }
                  }
                }));
  }

  @Test
  @Tag("soak")
  void a_thousand_requests_get_what_each_gets_alone() {
    try (Model model = Model.load(RecordedSearch.models().resolve("gpt2"), DType.F64)) {
      compare(model, 1000, 16);
    }
  }
}
