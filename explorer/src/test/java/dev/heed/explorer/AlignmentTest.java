package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.web.WebSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Attention to a source text, a sound and an image, and a word in several texts, over HTTP. */
@Tag("integration")
class AlignmentTest {
  private static Explorer explorer;
  private static ApiClient api;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    explorer = Explorer.start(WebSettings.local(0), TinyModels.all(folder));
    api = new ApiClient(explorer.address());
    TinyModels.wake(api);
  }

  @AfterAll
  static void stop() {
    explorer.close();
  }

  private static ObjectNode translator() {
    return ApiClient.object().put("model", TinyModels.TRANSLATOR).put("text", "the cat sat on it");
  }

  @Test
  void what_is_written_attends_to_its_source() throws Exception {
    JsonNode mean = api.post("/api/align", translator().put("target", "a dog ran"));
    assertThat(mean.get("written").booleanValue()).isFalse();
    assertThat(mean.get("keys").get(1).get("text").stringValue()).isEqualTo("cat");
    int queries = mean.get("queries").size();
    double[][] sum = new double[queries][mean.get("keys").size()];
    int heads = mean.get("heads").intValue();
    int layers = mean.get("layers").intValue();
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        JsonNode one =
            api.post(
                "/api/align",
                translator().put("target", "a dog ran").put("layer", layer).put("head", head));
        for (int query = 0; query < queries; query++) {
          double row = 0;
          for (int key = 0; key < sum[query].length; key++) {
            double weight = one.get("weights").get(query).get(key).doubleValue();
            row += weight;
            sum[query][key] += weight / (layers * heads);
          }
          assertThat(row).isCloseTo(1, within(1e-5));
        }
      }
    }
    assertThat(mean.get("weights").get(0).get(0).doubleValue()).isCloseTo(sum[0][0], within(1e-5));
  }

  @Test
  void a_sound_is_listened_to() throws Exception {
    JsonNode self = api.form("/api/hear", hearer(), TinyModels.sound(1));
    assertThat(self.get("across").booleanValue()).isFalse();
    assertThat(self.get("seconds").doubleValue()).isEqualTo(1);
    assertThat(self.get("queries")).isEqualTo(self.get("keys"));
    JsonNode across =
        api.form(
            "/api/hear",
            Map.of("model", TinyModels.HEARER, "target", "the", "moments", "20"),
            TinyModels.sound(1));
    assertThat(across.get("across").booleanValue()).isTrue();
    assertThat(across.get("keys").size()).isLessThanOrEqualTo(20);
    double row = 0;
    for (JsonNode weight : across.get("weights").get(0)) {
      row += weight.doubleValue();
    }
    assertThat(row).isCloseTo(1, within(1e-4));
  }

  private static Map<String, String> hearer() {
    return Map.of("model", TinyModels.HEARER);
  }

  @Test
  void an_image_is_looked_at() throws Exception {
    Map<String, String> seer = Map.of("model", TinyModels.SEER, "layer", "0", "head", "1");
    JsonNode seen = api.form("/api/see", seer, TinyModels.image());
    JsonNode places = seen.get("keys");
    int keys =
        places.get("rows").intValue() * places.get("columns").intValue()
            + places.get("before").intValue();
    assertThat(seen.get("weights").get(0).size()).isEqualTo(keys);
    assertThat(seen.get("pixels").stringValue().length())
        .isEqualTo((seen.get("width").intValue() * seen.get("height").intValue() * 3 + 2) / 3 * 4);
    double row = 0;
    for (JsonNode weight : seen.get("weights").get(0)) {
      row += weight.doubleValue();
    }
    assertThat(row).isCloseTo(1, within(1e-5));
  }

  @Test
  void a_word_of_two_meanings_parts() throws Exception {
    ObjectNode body = ApiClient.object().put("word", "bank");
    body.putArray("texts")
        .add("She sat on the bank of the river and watched the boats.")
        .add("The children fished from the grassy bank of the stream.")
        .add("The bank raised its interest rates again this year.");
    JsonNode moves = api.post("/api/meaning", body);
    assertThat(moves.get("cosines").size()).isEqualTo(7);
    JsonNode last = moves.get("cosines").get(6);
    double alike = last.get(0).get(1).doubleValue();
    assertThat(alike).isGreaterThan(last.get(0).get(2).doubleValue() + 0.1);
    assertThat(moves.get("places").get(0).get("start").intValue()).isEqualTo(15);
  }

  @Test
  void what_is_wrong_is_refused() throws Exception {
    assertThat(api.send("/api/align", translator().put("model", TinyModels.WRITER)).statusCode())
        .isEqualTo(400);
    assertThat(api.send("/api/align", translator().put("target", " ")).statusCode()).isEqualTo(400);
    assertThat(api.send("/api/read", translator().put("model", TinyModels.SEER)).statusCode())
        .isEqualTo(400);
    ObjectNode absent = ApiClient.object().put("word", "tram");
    absent.putArray("texts").add("No such word.");
    assertThat(api.send("/api/meaning", absent).statusCode()).isEqualTo(400);
    Map<String, String> seer = Map.of("model", TinyModels.SEER);
    assertThat(api.sendForm("/api/see", seer, new byte[] {1, 2, 3}).statusCode()).isEqualTo(400);
    assertThat(api.sendForm("/api/see", seer, new byte[0]).statusCode()).isEqualTo(400);
    assertThat(api.sendForm("/api/hear", seer, TinyModels.sound(0.1)).statusCode()).isEqualTo(400);
    assertThat(api.sendForm("/api/hear", hearer(), TinyModels.image()).statusCode()).isEqualTo(400);
    byte[] huge = TinyModels.image();
    huge[16] = 0x7f; // the header says two thousand million columns
    assertThat(api.sendForm("/api/see", seer, huge).statusCode()).isEqualTo(400);
    assertThat(
            api.sendForm(
                    "/api/see", Map.of("model", TinyModels.SEER, "layer", "99"), TinyModels.image())
                .statusCode())
        .isEqualTo(400);
  }
}
