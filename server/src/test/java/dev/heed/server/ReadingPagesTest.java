package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.fixture.TinyModels;
import dev.heed.task.Classifier;
import dev.heed.task.Reranker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is no part of OpenAI's interface, as others have it; and sounds. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and start
class ReadingPagesTest {
  @TempDir static Path folder;
  private static HeedServer server;

  @BeforeAll
  static void start() throws IOException {
    Path judge = Files.createDirectory(folder.resolve("judge"));
    TinyCheckpoint.write(judge, "bert-classify", "bert", Map.of());
    Path ranker = Files.createDirectory(folder.resolve("ranker"));
    TinyCheckpoint.write(
        ranker,
        "bert-classify",
        "bert",
        Map.of("id2label", "{\"0\":\"LABEL_0\"}", "label2id", "{\"LABEL_0\":0}"));
    TinyCheckpoint.change(
        ranker, (name, value) -> name.startsWith("classifier.") ? value.narrow(0, 0, 1) : value);
    Path ears = Files.createDirectory(folder.resolve("ears"));
    TinyCheckpoint.hearing(ears, "wav2vec2", "letters", Map.of());
    server = HeedServer.start(ServerSettings.local(0), List.of(judge, ranker, ears));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void documents_are_ranked_as_the_model_ranks_them() throws Exception {
    List<String> documents = List.of("sat", "the cat", "the mat");
    String request =
        "{\"model\":\"ranker\",\"query\":\"the cat\",\"documents\":[\"sat\","
            + "{\"text\":\"the cat\"},\"the mat\"],\"top_n\":2,\"return_documents\":true}";
    Asked asked = Asked.post(server, "/v1/rerank", request);
    assertThat(asked.status()).as(asked.text()).isEqualTo(200);
    JsonNode results = asked.json().path("results");
    assertThat(results).hasSize(2);
    try (Reranker reranker = Reranker.open(folder.resolve("ranker"))) {
      List<Reranker.Ranked> expected = reranker.rank("the cat", documents);
      for (int i = 0; i < 2; i++) {
        assertThat(results.path(i).path("index").asInt()).isEqualTo(expected.get(i).index());
        assertThat(results.path(i).path("relevance_score").asDouble())
            .isCloseTo(expected.get(i).score(), within(1e-6));
        assertThat(results.path(i).path("document").path("text").asString())
            .isEqualTo(documents.get(expected.get(i).index()));
      }
    }
    assertThat(Asked.post(server, "/v1/rerank", request.replace("ranker", "judge")).text())
        .contains("expected a model that ranks documents, got one that classifies");
    assertThat(Asked.post(server, "/v1/rerank", request.replace("top_n", "topn")).text())
        .contains("unknown_parameter");
  }

  @Test
  void texts_are_classified() throws Exception {
    JsonNode answer =
        Asked.post(server, "/v1/classify", "{\"model\":\"judge\",\"input\":[\"the cat\",\"sat\"]}")
            .json();
    assertThat(answer.path("labels").toString())
        .isEqualTo("[\"NEGATIVE\",\"NEUTRAL\",\"POSITIVE\"]");
    try (Classifier classifier = Classifier.open(folder.resolve("judge"))) {
      JsonNode first = answer.path("data").path(0);
      assertThat(first.path("label").asString())
          .isEqualTo(classifier.classify("the cat").best().name());
      double sum = 0;
      for (JsonNode one : first.path("probs")) {
        sum += one.asDouble();
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
      assertThat(first.path("num_classes").asInt()).isEqualTo(3);
    }
  }

  private static HttpResponse<String> hear(String fields, byte[] file) throws Exception {
    String head =
        fields + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n";
    byte[] begin = head.getBytes(StandardCharsets.UTF_8);
    byte[] end = "\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(server.address() + "/v1/audio/transcriptions"))
              .header("Content-Type", "multipart/form-data; boundary=b")
              .POST(HttpRequest.BodyPublishers.ofByteArrays(List.of(begin, file, end)))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String field(String name, String value) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }

  @Test
  void sounds_are_written_in_every_form() throws Exception {
    byte[] sound = Files.readAllBytes(TinyModels.sound(folder.resolve("a.wav")));
    String model = field("model", "ears");
    String text = hear(model + field("response_format", "text"), sound).body().strip();
    assertThat(hear(model + field("response_format", "srt"), sound).body())
        .startsWith("1\n00:00:00,000 --> 00:00:0")
        .contains(text);
    assertThat(hear(model + field("response_format", "vtt"), sound).body())
        .startsWith("WEBVTT\n\n00:00:00.000 --> ");
    assertThat(
            hear(
                    model
                        + field("response_format", "verbose_json")
                        + field("timestamp_granularities[]", "word"),
                    sound)
                .body())
        .contains("\"words\":[{", "\"duration\":0.");
    assertThat(hear(model + field("mood", "1"), sound).body()).contains("unknown_parameter");
    HttpResponse<String> noise = hear(model, "RIFFnothing".getBytes(StandardCharsets.UTF_8));
    assertThat(noise.statusCode()).isEqualTo(400);
    assertThat(noise.body()).contains("\"param\":\"file\"").doesNotContain("/tmp", "Exception");
    assertThat(hear(model + field("language", "en"), sound).statusCode()).isEqualTo(400);
  }
}
