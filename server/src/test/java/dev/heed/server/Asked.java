package dev.heed.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer.
 *
 * @param status of HTTP
 * @param text the body
 */
record Asked(int status, String text) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  static Asked get(HeedServer server, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(server.address() + path)).build());
  }

  static Asked delete(HeedServer server, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(server.address() + path)).DELETE().build());
  }

  static Asked post(HeedServer server, String path, String json)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  private static Asked send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    return new Asked(answer.statusCode(), answer.body());
  }

  JsonNode json() {
    return JsonMapper.shared().readTree(text);
  }

  /** The events of a stream but for the last, which must be {@code [DONE]}. */
  List<JsonNode> events() {
    List<JsonNode> all = new ArrayList<>();
    List<String> lines = text.lines().filter(line -> line.startsWith("data: ")).toList();
    if (!lines.getLast().equals("data: [DONE]")) {
      throw new AssertionError("expected a stream that ends with [DONE], got " + text);
    }
    for (String line : lines.subList(0, lines.size() - 1)) {
      all.add(JsonMapper.shared().readTree(line.substring("data: ".length())));
    }
    return all;
  }
}
