package dev.heed.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals that are known before a body has come, and clients that write all of it first. */
@Tag("integration")
class EarlyAnswerTest {
  /** More than the buffers of two sockets hold. */
  private static final int BYTES = 16 << 20;

  private static final String LENGTH = "Content-Length: " + BYTES + "\r\n";
  private static final String KEY = "0123456789abcdef-key";
  private static final String ALLOWED = "Authorization: Bearer " + KEY + "\r\n";

  @SuppressWarnings("NullAway.Init") // by start
  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    WebSettings settings =
        new WebSettings(
            "127.0.0.1",
            0,
            AccessKey.of(KEY),
            List.of(),
            WebSettings.Limits.USUAL.withBodyBytes(1000));
    server =
        WebServer.start(
            settings,
            routes -> {
              routes.get("/hello", exchange -> exchange.sendText(200, "text/plain", "hello"));
              routes.post("/echo", exchange -> exchange.sendJson(200, exchange.json()));
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String head(String path, String more) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + more
        + "\r\n";
  }

  private String answer(String... parts) throws IOException {
    try (RawRequest raw = new RawRequest(server.port())) {
      for (String part : parts) {
        raw.send(part);
      }
      return raw.until("\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "413, /echo, Authorization: Bearer 0123456789abcdef-key",
    "401, /echo, Authorization: Bearer another",
    "403, /echo, Origin: http://evil.example",
    "404, /nowhere, Authorization: Bearer 0123456789abcdef-key",
    "405, /hello, Authorization: Bearer 0123456789abcdef-key"
  })
  void a_client_that_writes_all_first_reads_the_refusal(int status, String path, String header)
      throws IOException {
    String body = "x".repeat(BYTES);
    assertThat(answer(head(path, header + "\r\n" + LENGTH), body)).startsWith("HTTP/1.1 " + status);
    assertThat(
            answer(
                head(path, header + "\r\nTransfer-Encoding: chunked\r\n"),
                Integer.toHexString(BYTES) + "\r\n",
                body,
                "\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void a_client_that_asks_first_or_falls_silent_is_answered_too() throws IOException {
    assertThat(answer(head("/echo", ALLOWED + LENGTH + "Expect: 100-continue\r\n")))
        .startsWith("HTTP/1.1 413");
    assertThat(answer(head("/echo", ALLOWED + LENGTH), "x".repeat(1024)))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  void a_connection_whose_body_was_dropped_serves_on() throws IOException {
    try (RawRequest raw = new RawRequest(server.port())) {
      raw.send(head("/nowhere", ALLOWED + LENGTH)).send("x".repeat(BYTES));
      raw.send(
          "GET /hello HTTP/1.1\r\nHost: localhost\r\n" + ALLOWED + "Connection: close\r\n\r\n");
      assertThat(raw.rest()).startsWith("HTTP/1.1 404").contains("HTTP/1.1 200").endsWith("hello");
    }
  }
}
