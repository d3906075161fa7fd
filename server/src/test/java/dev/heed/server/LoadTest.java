package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.web.WebSettings;
import java.io.IOException;
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
 * 50 clients at once, of whom 40 fit: no error but 429, and memory that stays: the objects that a
 * full collection leaves, and what is resident beside the heap. {@code -Dheed.load=60} says for how
 * many seconds.
 */
@Tag("soak")
@EnabledOnOs(OS.LINUX) // reads /proc
@SuppressWarnings("NullAway.Init") // by JUnit
class LoadTest {
  private static final int CLIENTS = 50;
  private static final int ROOM = 40;
  private static final int WARM_UP_SECONDS = 4;
  private static final int MOST_LIVE_GROWTH_MB = 8;
  private static final int MOST_OTHER_GROWTH_MB = 24;

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
    List<ProcessMemory> memory = new ArrayList<>();
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
        memory.add(ProcessMemory.now());
        Thread.sleep(500);
      }
      clients.shutdown();
      assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(wrong).as("answers that are neither 200 nor 429").isEmpty();
    assertThat(statuses.getOrDefault(200, new LongAdder()).sum())
        .as("answers")
        .isGreaterThan(CLIENTS);
    int third = memory.size() / 3;
    ProcessMemory first = ProcessMemory.mean(memory.subList(0, third));
    ProcessMemory last = ProcessMemory.mean(memory.subList(memory.size() - third, memory.size()));
    System.out.println("load: " + seconds + " s, " + statuses + ", MB " + first + " then " + last);
    assertThat(last.live() - first.live())
        .as("growth of live objects in MB")
        .isLessThan(MOST_LIVE_GROWTH_MB);
    assertThat(last.other() - first.other())
        .as("growth beside the heap in MB")
        .isLessThan(MOST_OTHER_GROWTH_MB);
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
}
