package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code openapi.json} says is what the server does. */
@Tag("integration")
class DocumentedApiTest {
  @Test
  void every_example_is_answered_as_documented(@TempDir Path folder) throws Exception {
    LearnedRun learned = LearnedRun.in(folder);
    SequencedMap<String, ModelFiles> models = TinyModels.all(folder);
    models.put("reader", learned.reader());
    try (Explorer explorer =
        Explorer.start(WebSettings.local(0), models, Map.of("learned", learned.folder()))) {
      ApiClient api = new ApiClient(explorer.address());
      JsonNode paths = api.get("/openapi.json").get("paths");
      for (String path : paths.propertyNames()) {
        JsonNode get = paths.get(path).path("get");
        JsonNode operation = get.isMissingNode() ? paths.get(path).get("post") : get;
        JsonNode given = operation.at("/responses/200/content");
        if (given.has("application/octet-stream")) {
          JsonNode example = operation.at("/requestBody/content/application~1json/example");
          assertThat(api.bytes(path, example).statusCode()).as(path).isEqualTo(200);
          continue;
        }
        boolean stream = given.has("text/event-stream");
        JsonNode answer =
            stream
                ? api.followed(path, operation.at("/requestBody/content/application~1json/example"))
                : get.isMissingNode() ? posted(api, path, operation) : api.get(path);
        Set<String> documented = new HashSet<>();
        given
            .at(stream ? "/text~1event-stream" : "/application~1json")
            .at("/schema/required")
            .forEach(name -> documented.add(name.stringValue()));
        assertThat(answer.propertyNames()).as(path).containsExactlyInAnyOrderElementsOf(documented);
      }
    }
  }

  /** Sends the example, as JSON or as a form with a file. */
  private static JsonNode posted(ApiClient api, String path, JsonNode operation) throws Exception {
    JsonNode form = operation.at("/requestBody/content/multipart~1form-data/example");
    if (form.isMissingNode()) {
      return api.post(path, operation.at("/requestBody/content/application~1json/example"));
    }
    Map<String, String> values = new TreeMap<>();
    form.properties().forEach(value -> values.put(value.getKey(), value.getValue().asString()));
    return api.form(path, values, path.endsWith("see") ? TinyModels.image() : TinyModels.sound(1));
  }
}
