package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TinyModels;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turns, room, leaving clients, and models that come and go while requests run. */
@Tag("integration")
class ServingTest {
  private static final String CHAT =
      "{\"model\":\"writer\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],"
          + "\"temperature\":0,\"max_tokens\":%d}";

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HeedServer> servers = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    TinyModels.writer(folder.resolve("writer"));
  }

  @AfterEach
  void stop() {
    servers.forEach(HeedServer::close);
    threads.close();
  }

  private HeedServer start(ServerSettings settings) throws IOException {
    HeedServer server =
        HeedServer.start(settings.withRemembered(0), List.of(folder.resolve("writer")));
    servers.add(server);
    return server;
  }

  private static String request(String text, int tokens) {
    return CHAT.replace("%s", text).replace("%d", Integer.toString(tokens));
  }

  private CompletableFuture<Asked> ask(HeedServer server, String text, int tokens) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Asked.post(server, "/v1/chat/completions", request(text, tokens));
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        threads);
  }

  private static String text(Asked asked) {
    assertThat(asked.status()).as(asked.text()).isEqualTo(200);
    return asked.json().path("choices").path(0).path("message").path("content").asString();
  }

  private static double gauge(HeedServer server, String name) throws Exception {
    return Asked.get(server, "/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static void until(Check check) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  @Test
  void who_asks_at_the_same_time_gets_what_he_would_get_alone() throws Exception {
    HeedServer server = start(ServerSettings.local(0).withRoom(4, 400));
    List<String> alone = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      alone.add(text(ask(server, "number " + i, 10 + i).join()));
    }
    List<CompletableFuture<Asked>> together = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      together.add(ask(server, "number " + i, 10 + i));
    }
    for (int i = 0; i < 12; i++) {
      assertThat(text(together.get(i).join())).isEqualTo(alone.get(i));
    }
  }

  @Test
  void more_tokens_than_there_is_room_for_are_refused() throws Exception {
    HeedServer server = start(ServerSettings.local(0).withRoom(4, 50));
    Asked asked = ask(server, "x", 200).join();
    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.text()).contains("context_length_exceeded", "at most 50 tokens");
    assertThat(text(ask(server, "x", 5).join())).isNotEmpty();
  }

  @Test
  void a_client_that_leaves_frees_its_place_streaming_or_not() throws Exception {
    HeedServer server = start(ServerSettings.local(0).withRoom(1, 4000));
    for (String stream : List.of("", ",\"stream\":true")) {
      String body = request("x", 1900).replace("}]", "}]" + stream);
      String head =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n";
      int port = java.net.URI.create(server.address()).getPort();
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        until(() -> gauge(server, "heed_texts_running") == 1);
      }
      until(() -> gauge(server, "heed_texts_running") == 0);
    }
  }

  @Test
  void a_late_answer_is_refused_and_frees_its_place() throws Exception {
    WebSettings.Limits limits =
        WebSettings.Limits.USUAL.withTimes(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(1));
    HeedServer server =
        start(
            ServerSettings.local(0)
                .withRoom(1, 4000)
                .withWeb(WebSettings.local(0).withLimits(limits)));
    Asked late = ask(server, "x", 1900).join();
    assertThat(late.status()).isEqualTo(504);
    assertThat(late.text()).contains("deadline_exceeded");
    until(() -> gauge(server, "heed_texts_running") == 0);
  }

  @Test
  void what_prompts_have_in_common_is_computed_once_with_the_same_texts() throws Exception {
    HeedServer plain = start(ServerSettings.local(0));
    try (HeedServer server =
        HeedServer.start(ServerSettings.local(0), List.of(folder.resolve("writer")))) {
      String begin = "a long beginning that all of them share, ";
      for (String end : List.of("first", "second", "third")) {
        assertThat(text(ask(server, begin + end, 8).join()))
            .isEqualTo(text(ask(plain, begin + end, 8).join()));
      }
      assertThat(gauge(server, "heed_prompt_tokens_reused")).isGreaterThan(2.0 * begin.length());
    }
  }

  @Test
  void models_come_and_go_without_a_lost_request() throws Exception {
    Path shelf = Files.createDirectory(folder.resolve("shelf"));
    HeedServer server = start(ServerSettings.local(0).withShelf(shelf));
    assertThat(Asked.post(server, "/admin/models", "{\"model\":\"writer\"}").status())
        .isEqualTo(404);
    TinyModels.writer(shelf.resolve("writer"));
    for (String trick : List.of("..", "../writer", "/etc", "", ".", "writer/..", "a\\u0000b")) {
      assertThat(Asked.post(server, "/admin/models", "{\"model\":\"" + trick + "\"}").status())
          .as(trick)
          .isEqualTo(404);
    }
    List<CompletableFuture<Asked>> asked = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 4; j++) {
        asked.add(ask(server, "number " + i + j, 30));
      }
      assertThat(Asked.post(server, "/admin/models", "{\"model\":\"writer\"}").status())
          .isEqualTo(200);
    }
    for (CompletableFuture<Asked> one : asked) {
      assertThat(text(one.join())).isNotEmpty();
    }
    assertThat(Asked.delete(server, "/admin/models/writer").status()).isEqualTo(204);
    assertThat(ask(server, "x", 1).join().status()).isEqualTo(404);
    assertThat(Asked.get(server, "/ready").status()).isEqualTo(503);
    assertThat(Asked.delete(server, "/admin/models/writer").status()).isEqualTo(404);
  }

  @Test
  void two_models_of_one_name_are_refused() throws Exception {
    Path other = TinyModels.writer(folder.resolve(Path.of("other", "writer")));
    assertThatThrownBy(() ->
            HeedServer.start(ServerSettings.local(0), List.of(folder.resolve("writer"), other)))
        .hasMessage("model: expected folders of different names, got two that are called writer");
  }
}
