package dev.heed.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A training run, watched over HTTP and in Chromium. */
@Tag("integration")
class TrainingTest {
  private static final String TEXT = "the film was good";

  @TempDir private static Path folder;

  @SuppressWarnings("NullAway.Init") // by learn
  private static LearnedRun learned;

  @BeforeAll
  static void learn() throws IOException {
    learned = LearnedRun.in(folder);
  }

  private static SequencedMap<String, ModelFiles> models() {
    SequencedMap<String, ModelFiles> models = new LinkedHashMap<>();
    models.put("reader", learned.reader());
    return models;
  }

  private static ObjectNode map(long update) {
    return ApiClient.object()
        .put("run", "learned")
        .put("update", update)
        .put("text", TEXT)
        .put("layer", 0)
        .put("head", 0);
  }

  @Test
  void the_log_is_read_as_it_grows() throws Exception {
    Path grown = Files.createDirectory(folder.resolve("grown"));
    Path log = grown.resolve("training.jsonl");
    try (Explorer explorer =
        Explorer.start(WebSettings.local(0), models(), Map.of("grown", grown))) {
      ApiClient api = new ApiClient(explorer.address());
      ObjectNode asked = ApiClient.object().put("run", "grown");
      assertThat(api.post("/api/run", asked).get("lines").isEmpty()).isTrue();
      Files.writeString(log, "{\"update\":1,\"loss\":2.5}\n{\"update\":2,\"lo");
      JsonNode first = api.post("/api/run", asked);
      assertThat(first.get("lines").size()).isEqualTo(1);
      Files.writeString(log, "ss\":2.25}\nno json\n", StandardOpenOption.APPEND);
      JsonNode second = api.post("/api/run", asked.put("from", first.get("from").longValue()));
      assertThat(second.get("lines").size()).isEqualTo(1);
      assertThat(second.get("lines").get(0).get("loss").doubleValue()).isEqualTo(2.25);
      Files.writeString(log, "{\"update\":1,\"loss\":9}\n");
      JsonNode anew = api.post("/api/run", asked.put("from", second.get("from").longValue()));
      assertThat(anew.get("again").booleanValue()).isTrue();
      assertThat(anew.get("lines").get(0).get("loss").doubleValue()).isEqualTo(9);
      assertThat(api.send("/api/run", ApiClient.object().put("run", "../../etc")).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void a_heads_map_is_that_of_the_checkpoint() throws Exception {
    try (Explorer explorer =
            Explorer.start(WebSettings.local(0), models(), Map.of("learned", learned.folder()));
        Explorer after =
            Explorer.start(
                WebSettings.local(0), Map.of("after", ModelFiles.folder(learned.folder())))) {
      ApiClient api = new ApiClient(explorer.address());
      JsonNode kept = api.get("/api/runs").get("runs").get(0).get("checkpoints");
      assertThat(kept.valueStream().map(JsonNode::longValue))
          .contains(LearnedRun.UPDATES)
          .isSorted();
      long first = kept.get(0).longValue();
      JsonNode early = api.post("/api/run-map", map(first)).get("weights");
      JsonNode late = api.post("/api/run-map", map(LearnedRun.UPDATES)).get("weights");
      assertThat(early).isNotEqualTo(late);
      assertThat(api.post("/api/run-map", map(first)).get("weights")).isEqualTo(early);
      // The best of the run is what the folder holds; it is one of the checkpoints.
      JsonNode best =
          new ApiClient(after.address())
              .post(
                  "/api/attention",
                  ApiClient.object().put("text", TEXT).put("layer", 0).put("head", 0))
              .get("weights");
      boolean found = false;
      for (JsonNode update : kept) {
        found |= api.post("/api/run-map", map(update.longValue())).get("weights").equals(best);
      }
      assertThat(found).isTrue();
      assertThat(api.send("/api/run-map", map(777)).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void a_run_is_watched() throws Exception {
    try (ExplorerBrowser browser =
            new ExplorerBrowser(models(), Map.of("learned", learned.folder()));
        Page page =
            browser.open(
                1200, ColorScheme.LIGHT, "view=training&text=the+film+was+good&layer=0&head=1")) {
      assertThat(page.locator("#training-heading"))
          .hasText(Pattern.compile("Update 12: loss .*, gradient norm .*"));
      assertThat(page.locator("#training-map-heading"))
          .hasText(Pattern.compile("Layer 0, head 1 after 12 updates"));
      assertThat(page.locator("#training-loss path.curve")).hasCount(1);
      ExplorerBrowser.keep(page, "training");
      page.locator("#training-steps button").first().click();
      assertThat(page.locator("#training-map-note")).containsText("moved 0.0 %");
      Path log = learned.folder().resolve("training.jsonl");
      List<String> before = Files.readAllLines(log);
      Files.writeString(
          log,
          before.getFirst().replace("\"update\":1,", "\"update\":13,") + "\n",
          StandardOpenOption.APPEND);
      assertThat(page.locator("#training-heading")).hasText(Pattern.compile("Update 13: .*"));
      browser.requireNoTrouble();
    }
  }
}
