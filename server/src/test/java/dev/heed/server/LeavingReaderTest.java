package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.fixture.WavBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that leave while many texts or a long sound is read for them: the work ends soon. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and start
class LeavingReaderTest {
  private static final int TEXTS = 2048;
  private static final String TEXT = "the cat sat on the tree ".repeat(6);
  private static final int SECONDS_OF_SOUND = 200;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  @TempDir static Path folder;
  private static HeedServer server;

  @BeforeAll
  static void start() throws IOException {
    Path ears = Files.createDirectory(folder.resolve("ears"));
    TinyCheckpoint.hearing(ears, "wav2vec2", "letters", Map.of());
    Path embedder = Files.createDirectory(folder.resolve("embedder"));
    TinyCheckpoint.write(embedder, "bert", "bert", Map.of());
    Path judge = Files.createDirectory(folder.resolve("judge"));
    TinyCheckpoint.write(judge, "bert-classify", "bert", Map.of());
    server = HeedServer.start(ServerSettings.local(0), List.of(ears, embedder, judge));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static byte[] json(String model, String text, int count) {
    return ("{\"model\":\""
            + model
            + "\",\"input\":["
            + String.join(",", Collections.nCopies(count, '"' + text + '"'))
            + "]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void vectors() throws Exception {
    leave("/v1/embeddings", "application/json", json("embedder", TEXT, TEXTS));
  }

  @Test
  void classes() throws Exception {
    leave("/v1/classify", "application/json", json("judge", TEXT, TEXTS));
  }

  @Test
  void transcripts() throws Exception {
    int rate = 16_000;
    byte[] sound =
        WavBytes.of(rate, SECONDS_OF_SOUND * rate, i -> 12_000 * Math.sin(0.02 * (i % 7000)));
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (String head :
        List.of("name=\"model\"\r\n\r\nears", "name=\"file\"; filename=\"a.wav\"\r\n\r\n")) {
      form.writeBytes(
          ("--b\r\nContent-Disposition: form-data; " + head).getBytes(StandardCharsets.UTF_8));
      form.writeBytes(head.endsWith("ears") ? new byte[] {'\r', '\n'} : sound);
    }
    form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8));
    leave("/v1/audio/transcriptions", "multipart/form-data; boundary=b", form.toByteArray());
  }

  private static void leave(String page, String type, byte[] body) throws Exception {
    try (Socket client = ask(page, type, body)) {
      untilRunning(1);
      long begun = System.nanoTime();
      assertThat(client.getInputStream().read()).isEqualTo('H');
      untilRunning(0);
      double whole = System.nanoTime() - begun;

      try (Socket leaving = ask(page, type, body)) {
        untilRunning(1);
        begun = System.nanoTime();
      }
      untilRunning(0);
      assertThat(System.nanoTime() - begun)
          .as("nanoseconds that it goes on, of %s whole", whole)
          .isLessThan((long) (whole / 2));
    }
  }

  private static Socket ask(String page, String type, byte[] body) throws IOException {
    Socket socket = new Socket("127.0.0.1", URI.create(server.address()).getPort());
    String head =
        "POST "
            + page
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
    return socket;
  }

  private static void untilRunning(int count) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (running() != count) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(2);
    }
  }

  private static double running() throws Exception {
    return Asked.get(server, "/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith("heed_readings_running{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
