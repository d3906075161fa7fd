package dev.heed.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * TERM while many clients are told answers piece by piece: no answer that has begun is cut, and
 * what comes later is refused.
 */
@Tag("soak")
@EnabledOnOs({OS.LINUX, OS.MAC})
class DrainTest {
  private static final int CLIENTS = 50;
  private static final int MOST_SECONDS = 60;

  @SuppressWarnings("NullAway.Init") // by JUnit
  @TempDir
  Path folder;

  /** What clients have seen. */
  private static final class Seen {
    final AtomicInteger writing = new AtomicInteger();
    final AtomicInteger whole = new AtomicInteger();
    final AtomicInteger waited = new AtomicInteger();
    final AtomicInteger acrossTerm = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    volatile boolean told;
  }

  @Test
  void what_has_begun_for_fifty_clients_ends_whole() throws Exception {
    ServeProcess.write(folder);
    Process process = ServeProcess.start(folder, "16");
    Seen seen = new Seen();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      URI address = URI.create(ServeProcess.address(process) + "/v1/completions");
      List<Future<Void>> all = new ArrayList<>();
      for (int c = 0; c < CLIENTS; c++) {
        HttpRequest request = request(address, c);
        all.add(clients.submit(asking(client, request, seen)));
      }
      while (seen.whole.get() < CLIENTS || seen.writing.get() < 16) {
        assertThat(all).as("clients that ended before TERM").noneMatch(Future::isDone);
        Thread.sleep(5);
      }
      seen.told = true;
      long begun = System.nanoTime();
      process.destroy(); // TERM
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertThat(process.exitValue()).isEqualTo(128 + 15);
      for (Future<Void> one : all) {
        one.get(MOST_SECONDS, TimeUnit.SECONDS);
      }
      System.out.printf(
          Locale.ROOT,
          "drain: %d clients, %d whole answers, %d of them being told at TERM and %d waiting,"
              + " %d times 503, ended in %.1f s%n",
          CLIENTS,
          seen.whole.get(),
          seen.acrossTerm.get(),
          seen.waited.get(),
          seen.refused.get(),
          seconds);
      assertThat(seen.acrossTerm.get()).isPositive();
      assertThat(seen.waited.get()).isPositive();
      assertThat(seen.refused.get()).isPositive();
    } finally {
      process.destroyForcibly();
    }
  }

  private HttpRequest request(URI address, int client) {
    return HttpRequest.newBuilder(address)
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                """
                {"model":"%s","prompt":"w5 w9","max_tokens":%d,"temperature":1,"seed":%d,
                 "logit_bias":{"2":-100},"stream":true,"user":"c%d"}
                """
                    .replace("%s", String.valueOf(folder.getFileName()))
                    .replaceFirst("%d", Integer.toString(60 + client))
                    .replace("%d", Integer.toString(client))))
        .build();
  }

  /** Asks until nobody listens any more. */
  private static Callable<Void> asking(HttpClient client, HttpRequest request, Seen seen) {
    return () -> {
      while (true) {
        boolean early = !seen.told;
        HttpResponse<InputStream> answer;
        try {
          answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
          assertThat(seen.told).as("refused before TERM: %s", e).isTrue();
          return null;
        } catch (IOException e) {
          // a connection that was kept open is closed when the server ends
          assertThat(seen.told).as("closed before TERM: %s", e).isTrue();
          continue;
        }
        if (answer.statusCode() == 200) {
          read(answer, early, seen);
        } else {
          answer.body().close();
          assertThat(answer.statusCode()).isEqualTo(503);
          assertThat(seen.told).as("503 before TERM").isTrue();
          assertThat(answer.headers().firstValue("Retry-After")).isPresent();
          seen.refused.incrementAndGet();
          Thread.sleep(100);
        }
      }
    };
  }

  private static void read(HttpResponse<InputStream> answer, boolean early, Seen seen)
      throws IOException {
    boolean before = !seen.told;
    seen.writing.incrementAndGet();
    try (InputStream body = answer.body()) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
    } finally {
      seen.writing.decrementAndGet();
    }
    seen.whole.incrementAndGet();
    if (before && seen.told) {
      seen.acrossTerm.incrementAndGet();
    } else if (early && seen.told) {
      seen.waited.incrementAndGet();
    }
  }
}
