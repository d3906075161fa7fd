package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks an explorer as a program does.
 *
 * @param address where it is
 */
record ApiClient(String address) {
  private static final String BOUNDARY = "between";

  /** The type of a form's body. */
  static final String FORM = "multipart/form-data; boundary=" + BOUNDARY;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }

  JsonNode get(String path) throws Exception {
    return ok(path, CLIENT.send(request(path).build(), HttpResponse.BodyHandlers.ofString()));
  }

  JsonNode post(String path, JsonNode body) throws Exception {
    return ok(path, send(path, body));
  }

  /** The data of the last event of a stream, by its name. */
  static JsonNode event(String stream, String name) {
    String begin = "event: " + name + "\ndata: ";
    int at = stream.lastIndexOf(begin);
    assertThat(at).as(name + " in " + stream).isNotNegative();
    int end = stream.indexOf("\n\n", at);
    return JsonMapper.shared().readTree(stream.substring(at + begin.length(), end));
  }

  /** What a page gives that tells its progress. */
  JsonNode followed(String path, JsonNode body) throws Exception {
    HttpResponse<String> answer = send(path, body);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return event(answer.body(), "result");
  }

  /** Whatever the answer is. */
  HttpResponse<String> send(String path, JsonNode body) throws Exception {
    return CLIENT.send(posting(path, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest posting(String path, JsonNode body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  /** Whatever the answer is, as bytes. */
  HttpResponse<byte[]> bytes(String path, JsonNode body) throws Exception {
    return CLIENT.send(posting(path, body), HttpResponse.BodyHandlers.ofByteArray());
  }

  JsonNode form(String path, Map<String, String> values, byte[] file) throws Exception {
    return ok(path, sendForm(path, values, file));
  }

  /** Sends a file and values as a form; whatever the answer is. */
  HttpResponse<String> sendForm(String path, Map<String, String> values, byte[] file)
      throws Exception {
    return CLIENT.send(
        request(path)
            .header("Content-Type", FORM)
            .POST(HttpRequest.BodyPublishers.ofByteArray(formBody(values, file)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A form of type {@link #FORM}. */
  static byte[] formBody(Map<String, String> values, byte[] file) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<String, String> value : values.entrySet()) {
      body.writeBytes(part(BOUNDARY, "name=\"" + value.getKey() + "\"", value.getValue() + "\r\n"));
    }
    body.writeBytes(part(BOUNDARY, "name=\"file\"; filename=\"file\"", ""));
    body.writeBytes(file);
    body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  private static byte[] part(String boundary, String head, String content) {
    return ("--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content)
        .getBytes(StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path));
  }

  private static JsonNode ok(String path, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }
}
