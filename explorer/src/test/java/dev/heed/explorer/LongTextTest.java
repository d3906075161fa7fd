package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.model.ModelFiles;
import dev.heed.tensor.TensorScope;
import dev.heed.web.WebSettings;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tiles of long texts hold the weights that the model has. */
@Tag("integration")
class LongTextTest {
  private static final String TEXT = "The river runs to the sea, and nobody asks why. ".repeat(120);

  @SuppressWarnings("NullAway.Init") // by start
  private static Explorer explorer;

  @SuppressWarnings("NullAway.Init") // by start
  private static ApiClient api;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    SequencedMap<String, ModelFiles> models = new LinkedHashMap<>();
    models.put("MiniLM", ModelFiles.embedded());
    models.put(FarReader.NAME, FarReader.write(folder));
    explorer = Explorer.start(WebSettings.local(0), models);
    api = new ApiClient(explorer.address());
  }

  @AfterAll
  static void stop() {
    explorer.close();
    assertThat(TensorScope.liveHandles()).isZero();
  }

  @AfterEach
  void forget() {
    explorer.forget();
  }

  private static JsonNode read(String model, String text) throws Exception {
    return api.followed("/api/long", ApiClient.object().put("model", model).put("text", text));
  }

  private static ObjectNode tile(String id, int level, int row, int column) {
    return ApiClient.object()
        .put("id", id)
        .put("layer", 1)
        .put("head", 3)
        .put("level", level)
        .put("row", row)
        .put("column", column);
  }

  private static float[] floats(ObjectNode asked) throws Exception {
    HttpResponse<byte[]> answer = api.bytes("/api/long-tile", asked);
    assertThat(answer.statusCode()).isEqualTo(200);
    float[] floats = new float[answer.body().length / Float.BYTES];
    ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  @Test
  void tiles_hold_the_weights_of_the_model() throws Exception {
    JsonNode read = read(FarReader.NAME, TEXT);
    int tokens = read.get("starts").size();
    assertThat(tokens).isBetween(1025, 2048);
    assertThat(read.get("cut").booleanValue()).isFalse();
    String id = read.get("id").stringValue();
    JsonNode whole =
        api.post(
            "/api/attention",
            ApiClient.object()
                .put("model", FarReader.NAME)
                .put("text", TEXT)
                .put("pieces", true)
                .put("layer", 1)
                .put("head", 3)
                .put("from", 512)
                .put("rows", 256));
    float[] near = floats(tile(id, 0, 2, 1));
    assertThat(near).hasSize(256 * 256);
    float[] far = floats(tile(id, 1, 1, 0).put("pool", "mean"));
    for (int row : new int[] {0, 1, 101, 255}) {
      JsonNode expected = whole.get("weights").get(row);
      for (int key = 0; key < 256; key++) {
        assertThat(near[row * 256 + key])
            .isCloseTo(expected.get(256 + key).floatValue(), within(1e-5f));
      }
    }
    double sum = 0;
    for (int row = 0; row < 2; row++) {
      sum += whole.get("weights").get(100 + row).get(40).doubleValue();
      sum += whole.get("weights").get(100 + row).get(41).doubleValue();
    }
    assertThat((double) far[50 * 256 + 20]).isCloseTo(sum / 4, within(1e-5));
    JsonNode row =
        api.post(
            "/api/long-row",
            ApiClient.object()
                .put("id", id)
                .put("layer", 1)
                .put("head", 3)
                .put("query", 612)
                .put("count", 3));
    JsonNode exact = whole.get("weights").get(100);
    assertThat(row.get("keys").size()).isEqualTo(3);
    for (JsonNode key : row.get("keys")) {
      assertThat(key.get("weight").floatValue())
          .isCloseTo(exact.get(key.get("key").intValue()).floatValue(), within(1e-5f));
    }
  }

  @Test
  void each_model_says_how_far_it_reads() throws Exception {
    JsonNode models = api.get("/api/models").get("models");
    assertThat(models.at("/0/far/tokens").intValue()).isEqualTo(512);
    assertThat(models.at("/1/far/tokens").intValue()).isEqualTo(16_384);
    JsonNode read = read("MiniLM", TEXT);
    assertThat(read.get("cut").booleanValue()).isTrue();
    assertThat(read.get("starts").size()).isLessThanOrEqualTo(512);
    assertThat(read.get("special").get("0").stringValue()).isEqualTo("[CLS]");
  }

  @Test
  void only_the_last_text_is_held() throws Exception {
    String first = read("MiniLM", "A dog barks.").get("id").stringValue();
    assertThat(floats(tile(first, 0, 0, 0))).hasSize(49);
    read("MiniLM", "A cat sleeps.");
    HttpResponse<byte[]> gone = api.bytes("/api/long-tile", tile(first, 0, 0, 0));
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(new String(gone.body(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("no_such_reading");
    assertThat(read("MiniLM", "A dog barks.").get("id").stringValue()).isEqualTo(first);
    assertThat(api.bytes("/api/long-tile", tile(first, 0, 1, 0)).statusCode()).isEqualTo(400);
    assertThat(api.bytes("/api/long-tile", tile(first, 13, 0, 0)).statusCode()).isEqualTo(400);
  }
}
