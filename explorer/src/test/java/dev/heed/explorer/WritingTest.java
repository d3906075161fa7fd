package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.web.WebSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writing, and looking back at it, over HTTP. */
@Tag("integration")
class WritingTest {
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

  private static ObjectNode writer() {
    return ApiClient.object().put("model", TinyModels.WRITER);
  }

  /** The first so many ids of what was written. */
  private static ObjectNode first(JsonNode written, int count) {
    ObjectNode body = writer();
    ArrayNode ids = body.putArray("ids");
    for (int i = 0; i < count; i++) {
      ids.add(written.get("tokens").get(i).get("id").intValue());
    }
    return body;
  }

  @Test
  void every_written_token_was_the_likeliest() throws Exception {
    JsonNode written = api.post("/api/write", writer().put("text", "the cat sat").put("tokens", 8));
    int prompt = written.get("prompt").intValue();
    JsonNode tokens = written.get("tokens");
    assertThat(tokens.size()).isGreaterThan(prompt);
    for (int i = 0; i < tokens.size(); i++) {
      JsonNode token = tokens.get(i);
      assertThat(token.get("probability").isNull()).isEqualTo(i < prompt);
      if (i >= prompt) {
        JsonNode next = api.post("/api/next", first(written, i));
        JsonNode best = next.get("candidates").get(0);
        assertThat(best.get("id")).isEqualTo(token.get("id"));
        assertThat(best.get("text")).isEqualTo(token.get("text"));
        assertThat(best.get("probability").doubleValue())
            .isCloseTo(token.get("probability").doubleValue(), within(1e-5));
        assertThat(next.get("lens").size()).isEqualTo(4);
        assertThat(next.get("looks").get(1).get(0).size()).isEqualTo(i);
      }
    }
  }

  @Test
  void another_token_is_written_on_from() throws Exception {
    JsonNode written = api.post("/api/write", writer().put("text", "the cat").put("tokens", 3));
    int other = 31;
    ObjectNode body = first(written, 2).put("tokens", 4);
    ((ArrayNode) body.get("ids")).add(other);
    JsonNode branch = api.post("/api/write", body);
    assertThat(branch.get("prompt").intValue()).isEqualTo(3);
    assertThat(branch.get("tokens").get(2).get("id").intValue()).isEqualTo(other);
    assertThat(branch.get("tokens").size()).isBetween(4, 7);
  }

  @Test
  void what_is_wrong_is_refused_by_name() throws Exception {
    for (ObjectNode body :
        List.of(
            writer(),
            writer().put("text", "the").set("ids", ApiClient.object().arrayNode().add(1)),
            writer().put("text", "the").put("tokens", 257),
            writer().set("ids", ApiClient.object().arrayNode()),
            writer().set("ids", ApiClient.object().arrayNode().add(-1)),
            writer().set("ids", ApiClient.object().arrayNode().add(1 << 20)),
            ApiClient.object().put("text", "an encoder does not write"))) {
      assertThat(api.send("/api/write", body).statusCode()).as(body.toString()).isEqualTo(400);
    }
    ObjectNode long1 = writer();
    ArrayNode ids = long1.putArray("ids");
    for (int i = 0; i < 65; i++) {
      ids.add(6);
    }
    assertThat(api.send("/api/next", long1).statusCode()).isEqualTo(400);
    assertThat(api.send("/api/write", long1).statusCode()).isEqualTo(400);
    assertThat(api.send("/api/next", writer()).statusCode()).isEqualTo(400);
  }
}
