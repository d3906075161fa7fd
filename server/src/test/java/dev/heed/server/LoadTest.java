package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * 50 clients at once, of whom 40 fit: no error but 429, and memory that stays. {@code
 * -Dheed.load=60} says for how many seconds.
 */
@Tag("soak")
@EnabledOnOs(OS.LINUX) // reads /proc
@SuppressWarnings("NullAway.Init") // by JUnit
class LoadTest {
  private static final int CLIENTS = 50;
  private static final int ROOM = 40;
  private static final int WARM_UP_SECONDS = 4;
  private static final int MOST_GROWTH_MB = 48;

  @TempDir Path folder;

  @Test
  void many_clients_get_answers_or_are_told_to_come_later() throws Exception {
    int seconds = Integer.getInteger("heed.load", 6);
    ServerSettings settings =
        ServerSettings.local(0)
            .withRoom(16, 4096)
            .withRemembered(4)
            .withWeb(WebSettings.local(0).withLimits(WebSettings.Limits.USUAL.withWork(ROOM)));
    Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    List<Long> memory = new ArrayList<>();
    try (HeedServer server = TinyServer.start(folder, settings);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      long begun = System.nanoTime();
      long end = begun + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS + (long) seconds);
      for (int c = 0; c < CLIENTS; c++) {
        int client = c;
        clients.submit(() -> work(server, client, end, statuses, wrong));
      }
      Thread.sleep(Duration.ofSeconds(WARM_UP_SECONDS));
      while (System.nanoTime() < end) {
        memory.add(resident());
        Thread.sleep(500);
      }
      clients.shutdown();
      assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(wrong).as("answers that are neither 200 nor 429").isEmpty();
    assertThat(statuses.getOrDefault(200, new LongAdder()).sum())
        .as("answers")
        .isGreaterThan(CLIENTS);
    long first = mean(memory.subList(0, memory.size() / 3));
    long last = mean(memory.subList(memory.size() - memory.size() / 3, memory.size()));
    System.out.println(
        "load: " + seconds + " s, " + statuses + ", resident " + first + " then " + last + " MB");
    assertThat(last - first).as("growth in MB").isLessThan(MOST_GROWTH_MB);
  }

  private static void work(
      HeedServer server,
      int client,
      long end,
      Map<Integer, LongAdder> statuses,
      ConcurrentLinkedQueue<String> wrong) {
    for (int i = 0; System.nanoTime() < end; i++) {
      try {
        Asked asked =
            switch ((client + i) % 3) {
              case 0 ->
                  Asked.post(
                      server,
                      "/v1/embeddings",
                      "{\"model\":\"embedder\",\"input\":[\"a b\",\"c\"]}");
              case 1 -> Asked.post(server, "/v1/chat/completions", chat(client, i, true));
              default -> Asked.post(server, "/v1/chat/completions", chat(client, i, false));
            };
        statuses.computeIfAbsent(asked.status(), status -> new LongAdder()).increment();
        boolean whole =
            asked.status() != 200
                || !asked.text().startsWith("data:")
                || asked.text().endsWith("data: [DONE]\n\n") && !asked.text().contains("\"error\"");
        if (asked.status() != 200 && asked.status() != 429 || !whole) {
          wrong.add(asked.status() + " " + asked.text());
        }
        if (asked.status() == 429) {
          Thread.sleep(50);
        }
      } catch (IOException | InterruptedException e) {
        wrong.add(e.toString());
        return;
      }
    }
  }

  private static String chat(int client, int i, boolean stream) {
    return "{\"model\":\"writer\",\"messages\":[{\"role\":\"user\",\"content\":\"client "
        + client
        + " asks "
        + i
        + "\"}],\"max_tokens\":"
        + (4 + (client + i) % 20)
        + ",\"user\":\"c"
        + client
        + "\",\"stream\":"
        + stream
        + "}";
  }

  private static long mean(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).sum() / Math.max(1, values.size());
  }

  /** Resident memory beyond the heap's pages that the collector keeps, in MB. */
  private static long resident() throws IOException {
    System.gc();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("expected VmRSS in /proc/self/status, got none");
  }
}
