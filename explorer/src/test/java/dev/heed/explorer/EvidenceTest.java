package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.AttentionCapture;
import dev.heed.explain.MapCheck;
import dev.heed.explain.MapChecker;
import dev.heed.explain.MapMethod;
import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is measured of a map, over HTTP. */
@Tag("integration")
class EvidenceTest {
  private static final String ANIMAL =
      "The animal didn't cross the street because it was too tired.";
  private static final int IT = 8;

  @SuppressWarnings("NullAway.Init") // by start
  private static Explorer explorer;

  @BeforeAll
  static void start() throws IOException {
    explorer = Explorer.start(WebSettings.local(0), Map.of("MiniLM", ModelFiles.embedded()));
  }

  @AfterAll
  static void stop() {
    explorer.close();
  }

  private static ObjectNode question(String method) {
    return ApiClient.object()
        .put("text", ANIMAL)
        .put("method", method)
        .put("layer", 3)
        .put("head", 1)
        .put("word", IT);
  }

  @Test
  void what_is_told_is_what_the_library_measures() throws Exception {
    ApiClient api = new ApiClient(explorer.address());
    JsonNode told = api.followed("/api/evidence", question("raw"));
    ModelFiles files = ModelFiles.embedded();
    try (AttentionCapture capture = AttentionCapture.open(files);
        MapChecker checker = MapChecker.of(capture, files)) {
      MapCheck check =
          checker.check(
              new MapChecker.Question(ANIMAL, false, MapMethod.RAW, 3, 1, IT), (done, of) -> {});
      assertThat(told.get("marks").get(2).doubleValue()).isCloseTo(0.677, within(5e-4));
      assertThat(told.get("agreement").doubleValue())
          .isCloseTo(Objects.requireNonNull(check.agreement()), within(1e-9));
      assertThat(told.get("removal").get("change").doubleValue())
          .isCloseTo(Objects.requireNonNull(check.removal()).change(), within(1e-9));
      assertThat(told.get("uniform").doubleValue()).isCloseTo(check.uniform(), within(1e-9));
      assertThat(told.get("alternative").get("alike").intValue())
          .isEqualTo(Objects.requireNonNull(check.alternative()).alike());
    }
  }

  @Test
  void every_method_is_measured_and_named() throws Exception {
    ApiClient api = new ApiClient(explorer.address());
    for (JsonNode method : api.get("/api/methods").get("methods")) {
      assertThat(method.get("sentence").stringValue()).isNotBlank();
      assertThat(method.get("source").stringValue()).containsPattern("20[12]\\d");
      JsonNode told = api.followed("/api/evidence", question(method.get("name").stringValue()));
      assertThat(told.get("method")).isEqualTo(method.get("name"));
      assertThat(told.get("outcome").stringValue()).isEqualTo("word_vector");
    }
  }

  @Test
  void what_is_wrong_is_refused_by_name() throws Exception {
    ApiClient api = new ApiClient(explorer.address());
    for (ObjectNode wrong :
        new ObjectNode[] {
          question("guess"),
          question("raw").put("layer", 6),
          question("raw").put("word", 99),
          (ObjectNode) question("raw").without("head"),
        }) {
      assertThat(api.send("/api/evidence", wrong).statusCode()).as(wrong.toString()).isEqualTo(400);
    }
    String trouble =
        api.send("/api/evidence", question("flow").put("text", "word ".repeat(200))).body();
    assertThat(ApiClient.event(trouble, "problem").get("detail").stringValue())
        .contains("flow: expected at most 128 tokens, got 202");
  }

  @Test
  void a_check_ends_when_its_client_leaves() throws Exception {
    URI address = URI.create(explorer.address());
    String body = question("raw").put("text", "word ".repeat(300)).toString();
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST /api/evidence HTTP/1.1\r\nHost: "
                      + address.getAuthority()
                      + "\r\nContent-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      StringBuilder got = new StringBuilder();
      while (got.indexOf("\"done\":") < 0) {
        int next = socket.getInputStream().read();
        assertThat(next).as("after " + got).isNotNegative();
        got.append((char) next);
      }
    }
    // All of it takes far longer than one run of the model, after which the leave is seen.
    long begun = System.nanoTime();
    while (explorer.running() > 0) {
      assertThat(System.nanoTime() - begun).isLessThan(120_000_000_000L);
      Thread.sleep(5);
    }
    JsonNode next = new ApiClient(explorer.address()).followed("/api/evidence", question("raw"));
    assertThat(next.get("marks").size()).isEqualTo(14);
  }
}
