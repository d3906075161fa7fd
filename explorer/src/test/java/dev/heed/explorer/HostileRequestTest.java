package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Requests that mean no good get an error, a client that dawdles is cut off, and nobody else
 * notices.
 */
@Tag("integration")
class HostileRequestTest {
  private static final int PATIENCE_MILLIS = 60_000;

  @SuppressWarnings("NullAway.Init") // by start
  private static Explorer explorer;

  @BeforeAll
  static void start() throws IOException {
    WebSettings local = WebSettings.local(0);
    explorer =
        Explorer.start(
            local.withLimits(
                local
                    .limits()
                    .withTimes(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(5))),
            Map.of("MiniLM", ModelFiles.embedded()));
  }

  @AfterAll
  static void stop() {
    explorer.close();
  }

  @AfterEach
  void othersAreAnswered() throws Exception {
    JsonNode read =
        new ApiClient(explorer.address())
            .post("/api/read", ApiClient.object().put("text", "A dog barks."));
    assertThat(read.get("units").size()).isEqualTo(6);
  }

  private static List<String> pages() throws Exception {
    JsonNode paths = new ApiClient(explorer.address()).get("/openapi.json").get("paths");
    List<String> posts = new ArrayList<>();
    paths.propertyNames().stream().filter(path -> paths.get(path).has("post")).forEach(posts::add);
    return posts;
  }

  private static Socket connect() throws IOException {
    URI address = URI.create(explorer.address());
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** Sends a text as it is, and gives what comes until the server closes. */
  private static String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String host() {
    return URI.create(explorer.address()).getAuthority();
  }

  private static String posting(String path, String headers, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: "
        + host()
        + "\r\nConnection: close\r\n"
        + headers
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void every_page_refuses_what_is_no_request() throws Exception {
    for (String path : pages()) {
      for (String body :
          List.of("", "{", "[]", "null", "7", "\"text\"", "{\"text\":{}}", "\u0000")) {
        assertThat(raw(posting(path, "Content-Type: application/json\r\n", body)))
            .as(path + " " + body)
            .matches("(?s)HTTP/1.1 4(00|04|15) .*application/problem\\+json.*");
      }
      String deep = "[".repeat(100_000) + "]".repeat(100_000);
      assertThat(raw(posting(path, "Content-Type: application/json\r\n", deep)))
          .as(path)
          .matches("(?s)HTTP/1.1 4(00|15) .*"); // 415 from pages that take files
      assertThat(raw(posting(path, "Content-Type: text/plain\r\n", "{\"text\":\"a\"}")))
          .as(path)
          .startsWith("HTTP/1.1 415 ");
    }
  }

  @Test
  void every_page_refuses_what_is_too_large() throws Exception {
    for (String path : pages()) {
      String announced =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: "
              + host()
              + "\r\nConnection: close\r\nContent-Type: application/json\r\n"
              + "Content-Length: 99999999999\r\n\r\n{";
      assertThat(raw(announced)).as(path).startsWith("HTTP/1.1 413 ");
    }
    String header = "X: " + "x".repeat(40_000) + "\r\n";
    assertThat(raw("GET / HTTP/1.1\r\nHost: " + host() + "\r\n" + header + "\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void script_in_a_text_is_given_back_as_text() throws Exception {
    String script = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    String answer =
        raw(
            posting(
                "/api/read",
                "Content-Type: application/json\r\n",
                ApiClient.object().put("text", script).toString()));
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("Content-Type: application/json")
        .containsIgnoringCase("X-Content-Type-Options: nosniff");
    String reflected =
        raw("GET /" + "<script>".repeat(3) + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
    assertThat(reflected).startsWith("HTTP/1.1 4").doesNotContain("<script>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..%5cetc/passwd",
        "/page/..;/index.html",
        "/style.css/../explorer.js",
        "/style.css%00.js",
        "//etc/passwd",
        "/META-INF/resources/webjars/d3/7.9.0/package.json",
        "/dev/heed/explorer/Explorer.class",
      })
  void tricksWithPathsLeadNowhere(String path) throws Exception {
    String answer =
        raw("GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*");
    assertThat(answer).doesNotContain("root:", "CAFEBABE", "\"version\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""})
  void foreignNamesAreRefused(String host) throws Exception {
    assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .matches("(?s)HTTP/1.1 4\\d\\d .*")
        .doesNotContain("<title>");
    String posted =
        posting(
            "/api/read",
            "Origin: http://evil.example\r\nContent-Type: application/json\r\n",
            "{\"text\":\"a\"}");
    assertThat(raw(posted)).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void clients_that_dawdle_are_cut_off() throws Exception {
    long begun = System.nanoTime();
    try (Socket socket = connect()) {
      String request =
          posting("/api/read", "Content-Type: application/json\r\n", "{\"text\":\"a\"}");
      String answer = "";
      try {
        for (byte one : request.getBytes(StandardCharsets.ISO_8859_1)) {
          socket.getOutputStream().write(one);
          socket.getOutputStream().flush();
          Thread.sleep(100);
        }
        answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        answer = ""; // cut off while it sent
      }
      assertThat(answer).doesNotStartWith("HTTP/1.1 200");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
  }
}
