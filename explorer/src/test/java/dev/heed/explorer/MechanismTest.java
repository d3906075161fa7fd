package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The catalogue, and the algebra of masks, over HTTP. */
@Tag("integration")
class MechanismTest {
  private static final String TEXT = "The animal didn't cross the street because it was too tired.";

  @SuppressWarnings("NullAway.Init") // by start
  private static Explorer explorer;

  @SuppressWarnings("NullAway.Init") // by start
  private static ApiClient api;

  @BeforeAll
  static void start() throws IOException {
    explorer = Explorer.start(WebSettings.local(0), Map.of("MiniLM", ModelFiles.embedded()));
    api = new ApiClient(explorer.address());
  }

  @AfterAll
  static void stop() {
    explorer.close();
  }

  private static ObjectNode asked(int length, String... names) {
    ObjectNode body = ApiClient.object().put("text", TEXT).put("length", length);
    List.of(names).forEach(body.putArray("names")::add);
    return body;
  }

  @Test
  void full_attention_on_the_models_weights_is_the_models() throws Exception {
    JsonNode map = api.post("/api/mechanism", asked(16, "full-attention")).get("maps").get(0);
    assertThat(map.get("kind").stringValue()).isEqualTo("weights");
    assertThat(map.get("taken").size()).isEqualTo(8);
    double[][] mean = new double[16][16];
    for (int head = 0; head < 12; head++) {
      JsonNode own =
          api.post(
                  "/api/attention",
                  ApiClient.object()
                      .put("text", TEXT)
                      .put("pieces", true)
                      .put("layer", 0)
                      .put("head", head))
              .get("weights");
      for (int i = 0; i < 16; i++) {
        for (int j = 0; j < 16; j++) {
          mean[i][j] += own.get(i).get(j).doubleValue() / 12;
        }
      }
    }
    for (int i = 0; i < 16; i++) {
      for (int j = 0; j < 16; j++) {
        assertThat(map.get("cells").get(i).get(j).doubleValue())
            .isCloseTo(mean[i][j], within(1e-5));
      }
    }
  }

  @Test
  void every_mechanism_shows_what_it_looks_at() throws Exception {
    for (JsonNode mechanism : api.get("/api/mechanisms").get("mechanisms")) {
      String name = mechanism.get("name").stringValue();
      JsonNode answer = api.post("/api/mechanism", asked(6, name).put("block", 3).put("window", 2));
      JsonNode map = answer.get("maps").get(0);
      boolean causal = map.get("causal").booleanValue();
      assertThat(map.get("cells").size()).as(name).isEqualTo(6);
      double later = 0;
      double all = 0;
      for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++) {
          double cell = map.get("cells").get(i).get(j).doubleValue();
          assertThat(cell).as(name).isFinite().isNotNegative();
          later += j > i ? cell : 0;
          all += cell;
        }
      }
      assertThat(all).as(name).isPositive();
      if (causal) {
        assertThat(later / all).as(name).isLessThan(1e-9); // Fourier transforms round
      }
    }
    assertThat(api.get("/api/mechanisms").get("mechanisms").size())
        .isEqualTo(MixerCatalogue.names().size());
  }

  @Test
  void two_are_compared_alike() throws Exception {
    JsonNode same = api.post("/api/mechanism", asked(8, "full-attention", "full-attention"));
    assertThat(same.get("likeness").doubleValue()).isCloseTo(1, within(1e-9));
    JsonNode wide =
        api.post("/api/mechanism", asked(8, "full-attention", "sliding-window").put("window", 128));
    assertThat(wide.get("likeness").doubleValue()).isCloseTo(1, within(1e-9));
    JsonNode unlike = api.post("/api/mechanism", asked(8, "full-attention", "mamba"));
    assertThat(unlike.get("maps").get(0).get("kind").stringValue()).isEqualTo("influence");
    assertThat(unlike.get("maps").get(1).get("taken").size()).isZero();
  }

  @Test
  void costs_are_measured_at_growing_lengths() throws Exception {
    ObjectNode body = ApiClient.object();
    body.putArray("names").add("full-attention").add("sliding-window");
    JsonNode costs = api.followed("/api/mechanism-cost", body);
    for (JsonNode cost : costs.get("costs")) {
      assertThat(cost.get("seconds").size()).isPositive();
      cost.get("seconds").forEach(second -> assertThat(second.doubleValue()).isPositive());
    }
  }

  private static ObjectNode composed(int length) {
    ObjectNode body = ApiClient.object().put("length", length);
    ArrayNode terms = body.putArray("terms");
    terms.addObject().put("mask", "window").putArray("numbers").add(3).add(2);
    terms.addObject().put("join", "or").put("mask", "global").putArray("numbers").add(16);
    terms.addObject().put("join", "and").put("mask", "causal");
    return body;
  }

  @Test
  void a_composed_mask_is_the_mask() throws Exception {
    JsonNode drawn = api.post("/api/mask", composed(48));
    boolean[] global = new boolean[48];
    global[0] = global[16] = global[32] = true;
    AttentionMask window = AttentionMask.window(3, 2);
    long allowed = 0;
    for (int query = 0; query < 48; query++) {
      for (int key = 0; key < 48; key++) {
        boolean may =
            (window.allows(0, 0, query, key) || global[query] || global[key]) && key <= query;
        allowed += may ? 1 : 0;
        assertThat(drawn.get("rows").get(query).stringValue().charAt(key))
            .isEqualTo(may ? '#' : '.');
      }
    }
    assertThat(drawn.get("allowed").longValue()).isEqualTo(allowed);
    JsonNode tiles = drawn.get("tiles");
    assertThat(
            tiles.get("full").intValue()
                + tiles.get("partial").intValue()
                + tiles.get("empty").intValue())
        .isEqualTo(2);
  }

  @Test
  void blocks_without_pairs_are_counted_and_the_speed_measured() throws Exception {
    JsonNode tiles = api.post("/api/mask", composed(1024)).get("tiles");
    assertThat(tiles.get("empty").intValue()).isGreaterThan(32 * 16 / 3);
    JsonNode speed = api.followed("/api/mask-speed", composed(512));
    assertThat(speed.get("ratio").doubleValue())
        .isCloseTo(
            speed.get("full").doubleValue() / speed.get("masked").doubleValue(), within(1e-9));
  }

  @Test
  void what_is_wrong_is_refused_by_name() throws Exception {
    for (String body :
        List.of(
            "{\"length\":0,\"terms\":[{\"mask\":\"full\"}]}",
            "{\"length\":9000,\"terms\":[{\"mask\":\"full\"}]}",
            "{\"length\":8,\"terms\":[]}",
            "{\"length\":8,\"terms\":[{\"mask\":\"sieve\"}]}",
            "{\"length\":8,\"terms\":[{\"mask\":\"window\",\"numbers\":[1]}]}",
            "{\"length\":8,\"terms\":[{\"mask\":\"full\"},{\"join\":\"xor\",\"mask\":\"full\"}]}")) {
      assertThat(
              api.send("/api/mask", new tools.jackson.databind.json.JsonMapper().readTree(body))
                  .statusCode())
          .as(body)
          .isEqualTo(400);
    }
    assertThat(api.send("/api/mechanism", asked(8, "sorcery")).statusCode()).isEqualTo(400);
    assertThat(api.send("/api/mechanism", asked(129, "mamba")).statusCode()).isEqualTo(400);
  }
}
