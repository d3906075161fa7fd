package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The explorer as a browser asks it, over HTTP. */
@Tag("integration")
class ExplorerTest {
  private static final String ANIMAL =
      "The animal didn't cross the street because it was too tired.";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Explorer explorer;

  @BeforeAll
  static void start() throws IOException {
    explorer =
        Explorer.start(WebSettings.local(0), Map.of("all-MiniLM-L6-v2", ModelFiles.embedded()));
  }

  @AfterAll
  static void stop() {
    explorer.close();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(explorer.address() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String page, String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(explorer.address() + "/api/" + page))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static ObjectNode of(String text) {
    return JsonMapper.shared().createObjectNode().put("text", text);
  }

  private static JsonNode asked(String page, ObjectNode body) throws Exception {
    HttpResponse<String> answer = post(page, body.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void it_attends_to_the_animal() throws Exception {
    JsonNode read = asked("read", of(ANIMAL));
    JsonNode best = read.get("best").get(read.get("focus").intValue());
    assertThat(read.get("units").get(best.get("query").intValue()).get("text").stringValue())
        .isEqualTo("it");
    assertThat(read.get("units").get(best.get("key").intValue()).get("text").stringValue())
        .isEqualTo("animal");
    assertThat(List.of(best.get("layer").intValue(), best.get("head").intValue()))
        .containsExactly(3, 1);
    JsonNode rows =
        asked(
            "attention",
            of(ANIMAL)
                .put("layer", 3)
                .put("head", 1)
                .put("from", best.get("query").intValue())
                .put("rows", 1));
    JsonNode row = rows.get("weights").get(0);
    assertThat(rows.get("weights").size()).isEqualTo(1);
    assertThat(row.get(best.get("key").intValue()).doubleValue()).isCloseTo(0.677, within(5e-4));
    assertThat(sum(row)).isCloseTo(1, within(1e-5));
  }

  @Test
  void the_mean_is_that_of_all_heads() throws Exception {
    String text = "A dog barks.";
    JsonNode read = asked("read", of(text));
    double sum = 0;
    for (int layer = 0; layer < read.get("layers").intValue(); layer++) {
      for (int head = 0; head < read.get("heads").intValue(); head++) {
        JsonNode map = asked("attention", of(text).put("layer", layer).put("head", head));
        sum += map.get("weights").get(1).get(2).doubleValue();
      }
    }
    double mean = asked("attention", of(text)).get("weights").get(1).get(2).doubleValue();
    assertThat(mean)
        .isCloseTo(
            sum / (read.get("layers").intValue() * read.get("heads").intValue()), within(1e-6));
  }

  @Test
  void kinds_of_heads_are_measured() throws Exception {
    ObjectNode pieces = of(ANIMAL).put("pieces", true);
    JsonNode heads = asked("heads", pieces).get("heads");
    Set<String> kinds = new HashSet<>();
    for (JsonNode head : heads) {
      kinds.add(head.get("kind").stringValue());
      JsonNode weights =
          asked(
                  "attention",
                  pieces
                      .deepCopy()
                      .put("layer", head.get("layer").intValue())
                      .put("head", head.get("head").intValue()))
              .get("weights");
      double previous = 0;
      for (int query = 1; query < weights.size(); query++) {
        previous += weights.get(query).get(query - 1).doubleValue();
      }
      assertThat(head.get("scores").get("previous").doubleValue())
          .isCloseTo(previous / (weights.size() - 1), within(1e-6));
    }
    assertThat(heads.size()).isEqualTo(72);
    JsonNode referring = heads.get(3 * 12 + 1);
    assertThat(referring.get("kind").stringValue()).isEqualTo("coreference");
    assertThat(referring.get("score").doubleValue()).isCloseTo(0.4, within(5e-3));
    assertThat(referring.get("scores").get("induction").doubleValue()).isLessThan(0.05);
    assertThat(kinds).hasSizeGreaterThan(2);
  }

  @Test
  void what_is_wrong_is_refused_by_name() throws Exception {
    for (String body :
        List.of(
            "[]",
            "{",
            "{}",
            "{\"text\":\"  \"}",
            "{\"text\":7}",
            "{\"text\":\"a\",\"pieces\":1}",
            "{\"text\":\"a\",\"layer\":6,\"head\":0}",
            "{\"text\":\"a\",\"layer\":0}",
            "{\"text\":\"a\",\"layer\":0.5,\"head\":0}",
            "{\"text\":\"a\",\"from\":-1}",
            "{\"text\":\"a\",\"rows\":4}",
            "{\"text\":\"a\",\"colour\":1}")) {
      HttpResponse<String> answer = post("attention", body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/problem+json");
      assertThat(answer.body()).contains("expected");
    }
    assertThat(post("read", "{\"text\":\"a\",\"model\":\"b\"}").statusCode()).isEqualTo(404);
    assertThat(post("read", of("a".repeat(2 << 20)).toString()).statusCode()).isEqualTo(413);
    assertThat(get("/..%2f..%2fetc/passwd").statusCode()).isIn(400, 404);
  }

  @Test
  void a_long_text_is_cut_and_says_so() throws Exception {
    JsonNode read = asked("read", of("word ".repeat(5000)));
    assertThat(read.get("cut").booleanValue()).isTrue();
    assertThat(read.get("units").size()).isLessThanOrEqualTo(512);
    assertThat(read.get("text").stringValue()).startsWith("word word");
  }

  @Test
  void the_page_fetches_nothing_from_elsewhere() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe");
    for (String path :
        List.of(
            "/",
            "/style.css",
            "/explorer.js",
            "/api.js",
            "/sentence.js",
            "/heads.js",
            "/steps.js",
            "/d3.js")) {
      HttpResponse<String> file = get(path);
      assertThat(file.statusCode()).as(path).isEqualTo(200);
      if (!path.equals("/d3.js")) {
        assertThat(file.body()).as(path).doesNotContain("http", "innerHTML", ".html(");
      }
    }
  }

  @Test
  void the_steps_lead_to_one_another() throws Exception {
    JsonNode steps =
        asked(
            "steps",
            of(ANIMAL).put("pieces", true).put("layer", 3).put("head", 1).put("query", 10));
    int width = steps.get("query").size();
    int tokens = steps.get("keys").size();
    double all = 0;
    for (int i = 0; i < tokens; i++) {
      double product = 0;
      for (int j = 0; j < width; j++) {
        product += steps.get("query").get(j).doubleValue() * at(steps, "keys", i, j);
      }
      assertThat(steps.get("scores").get(i).doubleValue())
          .isCloseTo(product / Math.sqrt(width), within(1e-4));
      all += Math.exp(steps.get("scores").get(i).doubleValue());
    }
    for (int i = 0; i < tokens; i++) {
      assertThat(steps.get("weights").get(i).doubleValue())
          .isCloseTo(Math.exp(steps.get("scores").get(i).doubleValue()) / all, within(1e-5));
    }
    for (int j = 0; j < width; j++) {
      double sum = 0;
      for (int i = 0; i < tokens; i++) {
        sum += steps.get("weights").get(i).doubleValue() * at(steps, "values", i, j);
      }
      assertThat(steps.get("output").get(j).doubleValue()).isCloseTo(sum, within(1e-4));
    }
  }

  private static double at(JsonNode steps, String name, int row, int column) {
    return steps.get(name).get(row).get(column).doubleValue();
  }

  private static double sum(JsonNode row) {
    double sum = 0;
    for (JsonNode weight : row) {
      sum += weight.doubleValue();
    }
    return sum;
  }
}
