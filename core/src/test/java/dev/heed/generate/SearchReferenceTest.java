package dev.heed.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.ConfigReader;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.SearchSettings;
import dev.heed.golden.GoldenFolder;
import dev.heed.model.Model;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Every recorded search on a tiny model: the same tokens, the same scores. */
@Tag("integration")
class SearchReferenceTest {
  private static final double SCORES = 1e-4;

  @TestFactory
  Stream<DynamicContainer> recorded() {
    List<Path> found =
        GoldenFolder.list(GoldenFolder.area("generation").resolve("search")).stream()
            .filter(file -> file.toString().endsWith(".json"))
            .toList();
    assertThat(found).hasSizeGreaterThanOrEqualTo(2);
    return found.stream().map(SearchReferenceTest::ofModel);
  }

  private static DynamicContainer ofModel(Path file) {
    JsonNode recorded = ConfigReader.json(file);
    RecordedSearch search = new RecordedSearch(recorded.get("model").stringValue());
    return DynamicContainer.dynamicContainer(
        search.name(),
        StreamSupport.stream(recorded.get("cases").spliterator(), false)
            .map(c ->
                DynamicTest.dynamicTest(
                    c.get("name").stringValue(),
                    () -> check(search, c, GoldenFolder.area("generation").resolve("search")))));
  }

  private static void check(RecordedSearch recorded, JsonNode c, Path folder) {
    SearchSettings settings = recorded.settings(c.get("arguments"));
    try (TensorScope scope = TensorScope.open();
        Model model = recorded.load()) {
      List<Generated> found = new ArrayList<>();
      if (c.has("assistant")) {
        try (Model assistant = recorded.load(folder.resolve(c.get("assistant").stringValue()))) {
          new Generator(model, assistant)
              .generate(recorded.input(c.get("inputs")), settings)
              .forEach(found::addAll);
        }
      } else {
        new Generator(model)
            .generate(recorded.input(c.get("inputs")), settings)
            .forEach(found::addAll);
      }
      int padding = settings.config().tokens().padding();
      assertThat(ids(found, padding)).isDeepEqualTo(rows(c.get("sequences")));
      if (c.has("sequences_scores")) {
        assertThat(found.stream().mapToDouble(Generated::score).toArray())
            .containsExactly(doubles(c.get("sequences_scores")), within(SCORES));
      }
      if (c.has("transition_scores")) {
        transitions(found, c);
      }
    }
  }

  private static void transitions(List<Generated> found, JsonNode c) {
    for (int r = 0; r < found.size(); r++) {
      List<Generated.Step> steps = found.get(r).steps();
      double[] scores = doubles(c.get("transition_scores").get(r));
      int[] beams = ints(c.get("beam_indices").get(r));
      for (int i = 0; i < beams.length; i++) {
        if (beams[i] >= 0) {
          assertThat(steps.get(i).beam()).isEqualTo(beams[i]);
          assertThat(steps.get(i).logProbability()).isEqualTo(scores[i], within(SCORES));
        } else {
          assertThat(steps).hasSizeLessThanOrEqualTo(i);
        }
      }
    }
  }

  private static int[][] ids(List<Generated> found, int padding) {
    int length = found.stream().mapToInt(row -> row.tokens().size()).max().orElse(0);
    int[][] rows = new int[found.size()][];
    for (int r = 0; r < rows.length; r++) {
      int[] tokens = found.get(r).tokens().toArray();
      rows[r] = Arrays.copyOf(tokens, length);
      Arrays.fill(rows[r], tokens.length, length, padding);
    }
    return rows;
  }

  private static int[][] rows(JsonNode rows) {
    return IntStream.range(0, rows.size()).mapToObj(r -> ints(rows.get(r))).toArray(int[][]::new);
  }

  private static int[] ints(JsonNode row) {
    return IntStream.range(0, row.size()).map(i -> row.get(i).asInt()).toArray();
  }

  private static double[] doubles(JsonNode row) {
    return IntStream.range(0, row.size()).mapToDouble(i -> row.get(i).asDouble()).toArray();
  }
}
