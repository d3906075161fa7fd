package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TinyModels;
import dev.heed.generate.TextGenerator;
import dev.heed.web.Exchange;
import dev.heed.web.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is counted, and what a client learns of what goes wrong. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and start
class WritingReplyTest {
  private static final String ASK =
      "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"max_tokens\":9";

  @TempDir static Path folder;
  private static HeedServer server;

  /** One that fails at its first token. */
  private record Failing(Shape shape) implements Shape {
    @Override
    public String object(boolean chunk) {
      return shape.object(chunk);
    }

    @Override
    public String prefix() {
      return shape.prefix();
    }

    @Override
    public List<ObjectNode> begin(int count) {
      return shape.begin(count);
    }

    @Override
    public @Nullable ObjectNode piece(TextRun.Piece piece) {
      throw new IllegalStateException("a defect in /a/path");
    }

    @Override
    public List<ObjectNode> end(TextRun.Ended ended) {
      return shape.end(ended);
    }

    @Override
    public ObjectNode whole(TextRun.Ended ended) {
      return shape.whole(ended);
    }
  }

  private record FailingPage(Serving serving) implements Page {
    @Override
    public void answer(Exchange exchange) throws IOException, InterruptedException {
      serving.answer(
          exchange,
          "writer",
          (model, measured) -> {
            WritingQueue queue = model.requireWriting();
            Fields fields = new Fields(exchange.json());
            try (TextRun run = new TextRun(queue, exchange, "somebody", null)) {
              run.write(new int[] {5}, WritingWish.read(fields, queue.writer(), 4), null);
              Shape shape = new CompletionShape(queue.writer(), false, List.of(""));
              new WritingReply(exchange, run, new Failing(shape), "writer", measured)
                  .stream(1, false);
            }
          });
    }
  }

  @BeforeAll
  static void start() throws IOException {
    Path beams = TinyModels.writer(folder.resolve("beams"));
    Path config = beams.resolve("generation_config.json");
    Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{\"num_beams\": 3,"));
    Path deaf = TinyModels.writer(folder.resolve("deaf"));
    Files.writeString(
        deaf.resolve("chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
    server = TinyServer.start(folder, ServerSettings.local(0).withRemembered(0), beams, deaf);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Asked ask(String model, String more) throws Exception {
    return Asked.post(
        server, "/v1/chat/completions", "{\"model\":\"" + model + "\"," + ASK + more + "}");
  }

  @Test
  void tokens_are_counted_whether_they_come_one_by_one_or_at_the_end() throws Exception {
    for (String model : List.of("writer", "beams")) {
      JsonNode answer = ask(model, "").json();
      JsonNode usage = answer.path("usage");
      assertThat(answer.path("choices").path(0).path("finish_reason").stringValue())
          .isEqualTo("length");
      assertThat(usage.path("completion_tokens").intValue()).as(model).isEqualTo(9);
      assertThat(usage.path("total_tokens").intValue())
          .isEqualTo(9 + usage.path("prompt_tokens").intValue());
      List<JsonNode> events =
          ask(model, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}").events();
      assertThat(events.getLast().path("usage")).isEqualTo(usage);
    }
    try (TextGenerator beams = TextGenerator.open(folder.resolve("beams"))) {
      assertThat(beams.config().search().numBeams()).isEqualTo(3);
    }
  }

  @Test
  void tools_need_a_template_that_names_them() throws Exception {
    Asked asked = ask("deaf", ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}]");
    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.text()).contains("tools: expected a chat template that names them");
  }

  @Test
  void a_stream_that_fails_ends_with_an_error_and_nothing_of_the_machine() throws Exception {
    Path own = TinyModels.writer(Files.createDirectory(folder.resolve("own")).resolve("writer"));
    try (ModelShelf shelf = new ModelShelf()) {
      shelf.put(new ModelOpener(ServerSettings.local(0)).open(own));
      Page page = new FailingPage(new Serving(shelf, new Metrics(), "chat"));
      try (HeedServer failing =
          HeedServer.start(
              ServerSettings.local(0), List.of(), routes -> routes.work("/v1/failing", page))) {
        Asked asked = Asked.post(failing, "/v1/failing", "{}");
        assertThat(asked.status()).as(asked.text()).isEqualTo(200);
        assertThat(asked.text())
            .contains("data: {\"error\":{\"message\":\"expected a whole answer, got a defect")
            .doesNotContain("/a/path", "[DONE]");
      }
    }
  }

  @Test
  void failures_are_measured_by_their_reasons() throws Exception {
    assertThat(ask("writer", ",\"temperature\":9").status()).isEqualTo(400);
    assertThat(Asked.get(server, "/metrics").text())
        .contains(
            "gen_ai_server_request_duration_seconds_count{gen_ai_operation_name=\"chat\","
                + "gen_ai_provider_name=\"heed\",gen_ai_request_model=\"writer\","
                + "error_type=\"invalid_value\"} 1",
            "# TYPE gen_ai_client_token_usage histogram");
  }
}
