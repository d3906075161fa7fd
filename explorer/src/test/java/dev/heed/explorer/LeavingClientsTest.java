package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What nobody waits for is not computed, whatever it is. */
@Tag("integration")
class LeavingClientsTest {
  private static final int CLIENTS = 16;
  private static final int ATTEMPTS = 20;
  private static final long PATIENCE = 120_000_000_000L;

  /** Pages that run no model and compute next to nothing of what they are asked here. */
  private static final Set<String> SHORT = Set.of("/api/run", "/api/long-row", "/api/long-tile");

  @Test
  void every_page_that_computes_stops_when_its_clients_leave(@TempDir Path folder)
      throws Exception {
    LearnedRun learned = LearnedRun.in(folder);
    SequencedMap<String, ModelFiles> models = TinyModels.all(folder);
    models.put("reader", learned.reader());
    try (Explorer explorer =
        Explorer.start(WebSettings.local(0), models, Map.of("learned", learned.folder()))) {
      ApiClient api = new ApiClient(explorer.address());
      JsonNode paths = api.get("/openapi.json").get("paths");
      TinyModels.wake(api);
      Set<String> went = new TreeSet<>();
      for (String path : paths.propertyNames()) {
        JsonNode post = paths.get(path).path("post");
        if (!post.isMissingNode() && !SHORT.contains(path) && !stops(explorer, path, post)) {
          went.add(path);
        }
      }
      assertThat(went).as("pages that went on").isEmpty();
    }
  }

  /** Whether work of a page is ended within when its clients leave, in one of some attempts. */
  private static boolean stops(Explorer explorer, String path, JsonNode post) throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long before = WatchedWork.ended();
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        sockets.add(
            asked(URI.create(explorer.address()), path, body(path, post, attempt * 100 + i)));
      }
      long begun = System.nanoTime();
      while (explorer.running() < CLIENTS / 4 && System.nanoTime() - begun < 50_000_000L) {
        Thread.onSpinWait();
      }
      for (Socket socket : sockets) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
      while (explorer.running() > 0) {
        assertThat(System.nanoTime() - begun).as(path).isLessThan(PATIENCE);
        Thread.sleep(1);
      }
      if (WatchedWork.ended() > before) {
        return true;
      }
    }
    return false;
  }

  private record Body(String type, byte[] bytes) {}

  /** The documented example, with a text that takes longer. */
  private static Body body(String path, JsonNode post, int number) throws Exception {
    JsonNode form = post.at("/requestBody/content/multipart~1form-data/example");
    if (!form.isMissingNode()) {
      Map<String, String> values = new TreeMap<>();
      form.properties().forEach(value -> values.put(value.getKey(), value.getValue().asString()));
      byte[] file = path.endsWith("see") ? TinyModels.image() : TinyModels.sound(3);
      return new Body(ApiClient.FORM, ApiClient.formBody(values, file));
    }
    ObjectNode json =
        (ObjectNode) post.at("/requestBody/content/application~1json/example").deepCopy();
    if (path.equals("/api/mask")) {
      json.put("length", 4096);
    } else if (json.has("text") && !path.equals("/api/patch")) {
      json.put("text", (number + " " + json.get("text").stringValue() + " ").repeat(8));
    }
    return new Body("application/json", json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static Socket asked(URI address, String path, Body body) throws Exception {
    Socket socket = new Socket(address.getHost(), address.getPort());
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: "
            + address.getAuthority()
            + "\r\nContent-Type: "
            + body.type()
            + "\r\nContent-Length: "
            + body.bytes().length
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().write(body.bytes());
    socket.getOutputStream().flush();
    return socket;
  }
}
