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
import tools.jackson.databind.node.ObjectNode;

/** Changed attention, over HTTP. */
@Tag("integration")
class EditTest {
  private static final String ANIMAL =
      "The animal didn't cross the street because it was too tired.";
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

  private static ObjectNode text(String text) {
    return ApiClient.object().put("text", text);
  }

  @Test
  void nothing_changed_is_nothing_changed() throws Exception {
    JsonNode edited = api.post("/api/edit", text(ANIMAL));
    assertThat(edited.get("kind").stringValue()).isEqualTo("vectors");
    assertThat(edited.get("similarity").doubleValue()).isCloseTo(1, within(1e-9));
    assertThat(edited.get("heads").size()).isEqualTo(6);
    edited
        .get("changes")
        .forEach(change -> assertThat(change.doubleValue()).isCloseTo(0, within(1e-9)));
  }

  @Test
  void a_head_and_a_token_matter() throws Exception {
    ObjectNode off = text(ANIMAL);
    off.putArray("off").addObject().put("layer", 3).put("head", 1);
    double one = api.post("/api/edit", off).get("similarity").doubleValue();
    ObjectNode all = text(ANIMAL);
    all.putArray("off").addObject();
    double every = api.post("/api/edit", all).get("similarity").doubleValue();
    assertThat(one).isBetween(0.9, 0.99999);
    assertThat(every).isLessThan(one);
    ObjectNode out = text(ANIMAL);
    out.putArray("knockouts").addObject().put("key", 2);
    assertThat(api.post("/api/edit", out).get("similarity").doubleValue()).isLessThan(0.9999);
  }

  @Test
  void a_decoder_says_another_token() throws Exception {
    ObjectNode body = text("the cat sat").put("model", TinyModels.WRITER);
    body.putArray("off").addObject();
    JsonNode edited = api.post("/api/edit", body);
    assertThat(edited.get("kind").stringValue()).isEqualTo("next");
    double next =
        api.post("/api/write", text("the cat sat").put("model", TinyModels.WRITER).put("tokens", 1))
            .at("/tokens/3/probability")
            .doubleValue();
    double most = 0;
    boolean changed = false;
    for (JsonNode outcome : edited.get("outcomes")) {
      most = Math.max(most, outcome.get("before").doubleValue());
      changed |=
          Math.abs(outcome.get("before").doubleValue() - outcome.get("after").doubleValue()) > 1e-4;
    }
    assertThat(most).isCloseTo(next, within(1e-5));
    assertThat(changed).isTrue();
  }

  @Test
  void the_word_that_differs_carries_the_difference() throws Exception {
    JsonNode patched = api.post("/api/patch", text("A dog barks.").put("other", "A cat barks."));
    JsonNode first = patched.get("positions").get(0);
    for (int token = 0; token < first.size(); token++) {
      assertThat(first.get(token).doubleValue()).isCloseTo(token == 2 ? 1 : 0, within(1e-3));
    }
    assertThat(patched.get("positions").size()).isEqualTo(6);
    assertThat(patched.get("heads").get(0).size()).isEqualTo(12);
  }

  @Test
  void what_is_wrong_is_refused_by_name() throws Exception {
    ObjectNode head = text(ANIMAL);
    head.putArray("off").addObject().put("layer", 6);
    ObjectNode key = text(ANIMAL);
    key.putArray("knockouts").addObject().put("key", 99);
    ObjectNode none = text(ANIMAL);
    none.putArray("knockouts").addObject();
    for (ObjectNode body : List.of(head, key, none, text(ANIMAL).put("off", 1))) {
      assertThat(api.send("/api/edit", body).statusCode()).as(body.toString()).isEqualTo(400);
    }
    for (ObjectNode body :
        List.of(
            text(ANIMAL),
            text(ANIMAL).put("other", "short"),
            text(ANIMAL).put("other", ANIMAL),
            text("word ".repeat(100)).put("other", "words ".repeat(100)))) {
      assertThat(api.send("/api/patch", body).statusCode()).as(body.toString()).isEqualTo(400);
    }
  }
}
