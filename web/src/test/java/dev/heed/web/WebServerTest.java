package dev.heed.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask, how much, for how long, and how an answer ends: against a real server. */
@Tag("integration")
class WebServerTest {
  private static final String KEY = "0123456789abcdef-key";
  private static final WebSettings LOCAL = WebSettings.local(0);

  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  @SuppressWarnings("NullAway.Init") // by start
  private WebServer server;

  private void start(WebSettings settings) throws IOException {
    server = WebServer.start(settings, this::pages);
  }

  private void pages(Routes routes) {
    routes.open("/health", exchange -> exchange.sendText(200, "text/plain", "well"));
    routes.get("/hello", exchange -> exchange.sendText(200, "text/plain", "hello"));
    routes.post("/echo", exchange -> exchange.sendJson(200, exchange.json()));
    routes.post("/form", exchange -> exchange.sendText(200, "text/plain", fields(exchange)));
    routes.get(
        "/defect",
        exchange -> {
          throw new IllegalStateException("/home/somebody/secret");
        });
    routes.work(
        "/wait",
        exchange -> {
          exchange.onLeave(() -> {
            left.countDown();
            go.countDown();
          });
          begun.countDown();
          go.await();
          exchange.sendText(200, "text/plain", "waited");
        });
    routes.work(
        "/given-up",
        exchange -> {
          exchange.onLeave(go::countDown);
          begun.countDown();
          go.await();
          throw exchange.whyGone();
        });
    routes.work(
        "/events",
        exchange -> {
          EventStream events = exchange.events();
          for (int i = 0; i < 3; i++) {
            events.send("{\"n\":" + i + "}");
          }
          events.send("[DONE]");
        });
    routes.work(
        "/slowly",
        exchange -> {
          EventStream events = exchange.events();
          events.send("first");
          go.await();
          events.send("last");
        });
  }

  private static String fields(Exchange exchange) {
    StringBuilder all = new StringBuilder();
    for (MultipartForm.Field field : exchange.form().fields()) {
      all.append(field.name())
          .append('|')
          .append(field.fileName())
          .append('|')
          .append(field.text())
          .append(';');
    }
    return all.toString();
  }

  @AfterEach
  void stop() {
    go.countDown();
    if (server != null) {
      server.close();
    }
    client.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.address() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder post(String path, String body) {
    return to(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private String raw(String head) throws IOException {
    return RawRequest.ask(server.port(), head);
  }

  private static WebSettings.Limits quick() {
    return WebSettings.Limits.USUAL.withTimes(
        Duration.ofMillis(600),
        Duration.ofMillis(500),
        Duration.ofSeconds(20),
        Duration.ofSeconds(5));
  }

  @Test
  void a_page_is_answered_with_the_headers_that_protect_it() throws Exception {
    start(LOCAL);
    HttpResponse<String> answer = send(to("/hello"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hello");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
    assertThat(send(post("/echo", "{\"a\":[1,2.5,\"ü\"]}")).body())
        .isEqualTo("{\"a\":[1,2.5,\"ü\"]}");
    assertThat(send(post("/events", "{}")).body())
        .isEqualTo("data: {\"n\":0}\n\ndata: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: [DONE]\n\n");
  }

  @Test
  void errors_are_problem_details_and_hold_nothing_of_the_machine() throws Exception {
    start(LOCAL);
    HttpResponse<String> missing = send(to("/no/such"));
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(missing.body())
        .contains("\"type\":\"urn:heed:problem:not_found\"", "\"status\":404");
    HttpResponse<String> defect = send(to("/defect"));
    assertThat(defect.statusCode()).isEqualTo(500);
    assertThat(defect.body()).contains("internal_error").doesNotContain("secret", "home", "java");
    HttpResponse<String> wrong = send(to("/echo"));
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "",
        "{\"a\":1}{\"a\":2}",
        "{\"a\":1,\"a\":2}",
        "nul",
        "{\"a\":NaN}",
        "[1,]",
        "\u0000"
      })
  void what_is_no_json_is_refused(String body) throws Exception {
    start(LOCAL);
    HttpResponse<String> answer = send(post("/echo", body));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_json");
  }

  @Test
  void nesting_and_other_types_are_refused() throws Exception {
    start(LOCAL);
    assertThat(send(post("/echo", "[".repeat(10_000) + "]".repeat(10_000))).statusCode())
        .isEqualTo(400);
    HttpRequest.Builder form =
        to("/echo")
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertThat(send(form).statusCode()).isEqualTo(415);
  }

  @Test
  void a_body_that_is_too_large_is_refused_announced_or_not() throws Exception {
    start(LOCAL.withLimits(WebSettings.Limits.USUAL.withBodyBytes(1000)));
    assertThat(send(post("/echo", "\"" + "x".repeat(2000) + "\"")).statusCode()).isEqualTo(413);
    String chunked =
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + ("400\r\n" + "x".repeat(1024) + "\r\n").repeat(3)
            + "0\r\n\r\n";
    assertThat(raw(chunked)).startsWith("HTTP/1.1 413").contains("body_too_large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "evil.example:80", "localhost.evil.example", "", "127.0.0.2"})
  void a_foreign_name_is_refused(String host) throws Exception {
    start(LOCAL);
    assertThat(raw("GET /hello HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .matches("(?s)HTTP/1.1 4(21|00).*")
        .doesNotContain("hello");
  }

  @Test
  void pages_of_other_sites_are_refused_and_own_ones_not() throws Exception {
    start(LOCAL);
    for (String origin : List.of("http://evil.example", "null", "http://localhost:1", "%%")) {
      String answer =
          raw(
              "GET /hello HTTP/1.1\r\nHost: localhost\r\nOrigin: "
                  + origin
                  + "\r\nConnection: close\r\n\r\n");
      assertThat(answer).as(origin).startsWith("HTTP/1.1 403");
    }
    assertThat(
            raw(
                "GET /hello HTTP/1.1\r\nHost: localhost:7\r\nOrigin: http://localhost:7\r\n"
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void an_address_that_others_reach_needs_a_key() {
    assertThatThrownBy(
            () -> new WebSettings("0.0.0.0", 0, null, List.of(), WebSettings.Limits.USUAL))
        .hasMessage(
            "host: expected a key for an address that other machines reach, got 0.0.0.0 and no key;"
                + " give a key, or listen on 127.0.0.1");
    assertThatThrownBy(() -> AccessKey.of("short")).hasMessageContaining("16 printable");
  }

  @Test
  void only_who_has_the_key_is_answered_but_for_health() throws Exception {
    start(new WebSettings("0.0.0.0", 0, AccessKey.of(KEY), List.of(), WebSettings.Limits.USUAL));
    String end = " HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n";
    assertThat(raw("GET /health" + end + "\r\n")).startsWith("HTTP/1.1 200");
    assertThat(raw("GET /hello" + end + "\r\n"))
        .startsWith("HTTP/1.1 401")
        .contains("WWW-Authenticate: Bearer", "invalid_api_key");
    assertThat(raw("GET /no/such" + end + "\r\n")).startsWith("HTTP/1.1 401");
    assertThat(raw("GET /hello" + end + "Authorization: Bearer " + KEY + "x\r\n\r\n"))
        .startsWith("HTTP/1.1 401");
    assertThat(raw("GET /hello" + end + "Authorization: Bearer " + KEY + "\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    String basic =
        java.util.Base64.getEncoder()
            .encodeToString(("me:" + KEY).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(raw("GET /hello" + end + "Authorization: Basic " + basic + "\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET /hello" + end + "Authorization: Basic %%%\r\n\r\n"))
        .startsWith("HTTP/1.1 401");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /../../etc/passwd",
        "GET /%2e%2e/%2e%2e/etc/passwd",
        "GET //etc/passwd",
        "GET /hello/..%2f..%2fetc",
        "GET /hello%00",
        "GET /hello;x=y/../z",
        "GET http://evil.example/hello",
        "BREW /hello",
        "GET /" + "x",
        "\u0001\u0002\u0003 /"
      })
  void tricks_with_paths_lead_nowhere(String line) throws Exception {
    start(LOCAL);
    assertThat(raw(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .matches("(?s)HTTP/1.1 4\\d\\d.*")
        .doesNotContain("root:", "Exception", "jetty", "Jetty", "javalin");
  }

  @Test
  void a_head_that_is_too_large_is_refused() throws Exception {
    start(LOCAL);
    String large = "X-Large: " + "y".repeat(40_000) + "\r\n";
    assertThat(raw("GET /hello HTTP/1.1\r\nHost: localhost\r\n" + large + "\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("head_too_large");
  }

  @Test
  void a_client_that_sends_a_byte_now_and_then_is_cut_off() throws Exception {
    start(LOCAL.withLimits(quick()));
    for (String start :
        List.of(
            "GET /hello HTTP/1.1\r\nHost: localhost\r\nX: ",
            "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n")) {
      long before = System.nanoTime();
      try (RawRequest slow = new RawRequest(server.port())) {
        slow.send(start);
        boolean cut = false;
        for (int i = 0; i < 100 && !cut; i++) {
          Thread.sleep(50);
          try {
            slow.send("x");
          } catch (IOException e) {
            cut = true;
          }
        }
        assertThat(cut).isTrue();
      }
      assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(4));
    }
    assertThat(send(to("/hello")).statusCode()).isEqualTo(200);
  }

  @Test
  void more_work_than_fits_is_told_to_come_later() throws Exception {
    start(LOCAL.withLimits(WebSettings.Limits.USUAL.withWork(1)));
    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(post("/wait", "{}").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    HttpResponse<String> second = send(post("/wait", "{}"));
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.headers().firstValue("Retry-After")).contains("1");
    assertThat(send(to("/hello")).statusCode()).isEqualTo(200);
    go.countDown();
    assertThat(first.get(10, TimeUnit.SECONDS).body()).isEqualTo("waited");
    assertThat(send(post("/wait", "{}")).statusCode()).isEqualTo(200);
  }

  @Test
  void events_arrive_as_they_are_sent() throws Exception {
    start(LOCAL);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + "/slowly"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .timeout(Duration.ofSeconds(20))
            .build();
    try (Stream<String> lines = client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      Iterator<String> each = lines.iterator();
      CompletableFuture<String> first = CompletableFuture.supplyAsync(each::next);
      assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("data: first");
      go.countDown();
      assertThat(each.next()).isEmpty();
      assertThat(each.next()).isEqualTo("data: last");
    }
  }

  @Test
  void work_learns_that_its_client_left() throws Exception {
    start(LOCAL);
    try (RawRequest raw = new RawRequest(server.port())) {
      raw.send("POST /wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(left.getCount()).isEqualTo(1);
    }
    assertThat(left.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void looking_for_a_leave_loses_no_byte_of_the_next_request() throws Exception {
    start(LOCAL);
    try (RawRequest raw = new RawRequest(server.port())) {
      raw.send("POST /wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      raw.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      Thread.sleep(400);
      assertThat(left.getCount()).isEqualTo(1);
      go.countDown();
      assertThat(raw.until("waited")).startsWith("HTTP/1.1 200");
      assertThat(raw.rest()).contains("HTTP/1.1 200").endsWith("hello");
    }
  }

  @Test
  void an_answer_may_take_longer_than_a_connection_may_rest() throws Exception {
    start(LOCAL.withLimits(quick()));
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(post("/wait", "{}").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(1500);
    go.countDown();
    assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("waited");
  }

  @Test
  void work_ends_with_its_time() throws Exception {
    start(
        LOCAL.withLimits(
            WebSettings.Limits.USUAL.withTimes(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(300),
                Duration.ofSeconds(1))));
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(post("/wait", "{}").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(left.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(answer).failsWithin(Duration.ofSeconds(5));
  }

  @Test
  void closing_lets_what_has_begun_end() throws Exception {
    start(LOCAL);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(post("/wait", "{}").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    Thread closing = closing();
    Thread.sleep(300);
    HttpResponse<String> late = send(post("/wait", "{}"));
    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.headers().firstValue("Retry-After")).contains("5");
    assertThat(late.headers().firstValue("Connection")).contains("close");
    assertThat(late.body()).contains("server_is_ending");
    assertThat(send(to("/health")).body()).as("what costs little is answered").isEqualTo("well");
    go.countDown();
    assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("waited");
    assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
    assertThatThrownBy(() -> new RawRequest(server.port()).close()).isInstanceOf(IOException.class);
  }

  @Test
  void what_does_not_end_in_the_time_of_a_drain_is_told_so() throws Exception {
    WebSettings.Limits usual = WebSettings.Limits.USUAL;
    start(
        LOCAL.withLimits(
            usual.withTimes(
                usual.readTime(), usual.idleTime(), usual.workTime(), Duration.ofMillis(300))));
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(post("/given-up", "{}").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    Thread closing = closing();
    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    assertThat(answer.join().body()).contains("server_is_ending");
    assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
  }

  /** A server that is being closed, and says so. */
  private Thread closing() throws InterruptedException {
    Thread closing = Thread.ofVirtual().start(server::close);
    while (!server.draining()) {
      Thread.sleep(5);
    }
    return closing;
  }

  @Test
  void forms_are_read_and_malformed_ones_refused() throws Exception {
    start(LOCAL);
    String body =
        "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a.wav\"\r\n"
            + "Content-Type: audio/wav\r\n\r\nRIFF\r\n\r\n--x\r\n--b--\r\n";
    assertThat(form("multipart/form-data; boundary=b", body).body())
        .isEqualTo("model|null|m;file|../a.wav|RIFF\r\n\r\n--x;");
    assertThat(form("multipart/form-data; boundary=\"b\"", "--b--\r\n").body()).isEmpty();
    List<String> bad = new ArrayList<>(List.of("", "--b", "--b\r\n\r\n", "--b\r\nX: y\r\n\r\n"));
    bad.add(body.substring(0, body.length() - 12));
    for (String cut : bad) {
      assertThat(form("multipart/form-data; boundary=b", cut).statusCode()).as(cut).isEqualTo(400);
    }
    assertThat(form("multipart/form-data", body).statusCode()).isEqualTo(400);
    assertThat(form("application/json".toUpperCase(Locale.ROOT), body).statusCode()).isEqualTo(415);
  }

  private HttpResponse<String> form(String type, String body) throws Exception {
    return send(
        to("/form").header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void a_port_that_is_taken_is_an_error_that_says_so() throws Exception {
    start(LOCAL);
    int taken = server.port();
    assertThatThrownBy(() -> WebServer.start(WebSettings.local(taken)))
        .isInstanceOf(IOException.class)
        .hasMessage("expected a free port on 127.0.0.1, got " + taken + " in use");
  }
}
