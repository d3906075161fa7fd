package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What nobody waits for is not computed. */
@Tag("integration")
class LeavingClientsTest {
  private static final int CLIENTS = 24;

  private static String text(int number) {
    return "Number " + number + " reads. ".repeat(170);
  }

  @Test
  void requests_end_when_their_clients_leave() throws Exception {
    try (Explorer explorer =
        Explorer.start(WebSettings.local(0), Map.of("MiniLM", ModelFiles.embedded()))) {
      ApiClient api = new ApiClient(explorer.address());
      api.post("/api/read", ApiClient.object().put("text", text(-2)));
      long begun = System.nanoTime();
      api.post("/api/read", ApiClient.object().put("text", text(-1)));
      long one = System.nanoTime() - begun;
      URI address = URI.create(explorer.address());
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String body = ApiClient.object().put("text", text(i)).toString();
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket
            .getOutputStream()
            .write(
                ("POST /api/read HTTP/1.1\r\nHost: "
                        + address.getAuthority()
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                    .getBytes(StandardCharsets.UTF_8));
        sockets.add(socket);
      }
      while (explorer.running() < CLIENTS / 2) {
        Thread.sleep(1);
      }
      for (Socket socket : sockets) {
        socket.close();
      }
      begun = System.nanoTime();
      while (explorer.running() > 0) {
        assertThat(System.nanoTime() - begun).isLessThan(120_000_000_000L);
        Thread.sleep(5);
      }
      // All of them would take this many times as long as one.
      assertThat(System.nanoTime() - begun).isLessThan(CLIENTS / 2 * one);
    }
  }
}
