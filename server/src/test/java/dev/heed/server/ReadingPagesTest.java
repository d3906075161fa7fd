package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.CheckpointException;
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
    Path embedder = TinyModels.embedder(folder.resolve("embedder"));
    server = HeedServer.start(ServerSettings.local(0), List.of(judge, ranker, ears, embedder));
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

  @Test
  void others_paths_answer_the_same_and_tokens_are_counted() throws Exception {
    String rank =
        "{\"model\":\"ranker\",\"query\":\"the cat\",\"documents\":[\"sat\",\"the mat\"]}";
    for (String path : List.of("/v1/rerank", "/v2/rerank", "/rerank")) {
      JsonNode answer = Asked.post(server, path, rank).json();
      // [CLS] the cat [SEP] sat [SEP], and one word more
      assertThat(answer.path("usage").path("total_tokens").intValue()).as(path).isEqualTo(6 + 7);
      assertThat(answer.path("results").path(0).has("truncated")).isFalse();
      assertThat(Asked.post(server, path, rank.replace("sat", "sat ".repeat(500))).text())
          .contains("\"truncated\":true");
      assertThat(Asked.post(server, path, "{}").json().path("error").path("code").stringValue())
          .isEqualTo("missing_required_parameter");
    }
    for (String path : List.of("/v1/classify", "/classify")) {
      String text = "{\"model\":\"judge\",\"input\":\"the cat\"}";
      JsonNode answer = Asked.post(server, path, text).json();
      assertThat(answer.path("usage").path("prompt_tokens").intValue()).as(path).isEqualTo(4);
      assertThat(answer.path("data").path(0).has("truncated")).isFalse();
      assertThat(Asked.post(server, path, text.replace("cat", "cat ".repeat(500))).text())
          .contains("\"truncated\":true");
    }
  }

  @Test
  void a_text_that_is_too_long_for_a_vector_is_refused_unless_it_may_be_cut() throws Exception {
    String text = "{\"model\":\"embedder\",\"input\":[\"a\",\"" + "a b ".repeat(100) + "\"]";
    Asked asked = Asked.post(server, "/v1/embeddings", text + "}");
    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.json().path("error").path("message").stringValue())
        .startsWith("input: expected 1 to 24 tokens each; shorten the text, or have it cut by");
    JsonNode cut =
        Asked.post(server, "/v1/embeddings", text + ",\"truncate_prompt_tokens\":-1}").json();
    assertThat(cut.path("data")).hasSize(2);
    assertThat(cut.path("usage").path("prompt_tokens").intValue()).isEqualTo(3 + 24);
  }

  @Test
  void a_model_that_no_page_asks_for_is_refused_by_name() throws Exception {
    for (String recorded : List.of("bert-ner", "bert-qa", "clip")) {
      Path other = Files.createDirectory(folder.resolve(recorded));
      TinyCheckpoint.write(other, recorded, "bert", Map.of());
      assertThatThrownBy(() -> HeedServer.start(ServerSettings.local(0), List.of(other)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("a model that writes, hears, classifies, ranks or makes vectors");
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
        .contains(
            "\"words\":[{", "\"duration\":0.", "\"usage\":{\"type\":\"duration\",\"seconds\":1}");
    assertThat(hear(model + field("mood", "1"), sound).body()).contains("unknown_parameter");
    HttpResponse<String> noise = hear(model, "RIFFnothing".getBytes(StandardCharsets.UTF_8));
    assertThat(noise.statusCode()).isEqualTo(400);
    assertThat(noise.body()).contains("\"param\":\"file\"").doesNotContain("/tmp", "Exception");
    assertThat(hear(model + field("language", "en"), sound).statusCode()).isEqualTo(400);
  }
}
