package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.tensor.TensorScope;
import dev.heed.web.WebSettings;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Fifty clients at once: {@code -Dheed.load.seconds=60} for as long as you like. */
@Tag("integration")
class ManyClientsTest {
  private static final int CLIENTS = 50;
  private static final long MEGABYTE = 1 << 20;

  private static final List<String> PAGES =
      List.of("/api/read", "/api/attention", "/api/heads", "/api/attention");

  @Test
  void fifty_clients_get_answers_or_are_told_to_come_later() throws Exception {
    long nanos = Integer.getInteger("heed.load.seconds", 6) * 1_000_000_000L;
    Map<Integer, AtomicLong> answers = new ConcurrentHashMap<>();
    try (Explorer explorer =
            Explorer.start(WebSettings.local(0), Map.of("MiniLM", ModelFiles.embedded()));
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      ApiClient api = new ApiClient(explorer.address());
      long end = System.nanoTime() + nanos;
      List<Future<?>> all =
          IntStream.range(0, CLIENTS)
              .<Future<?>>mapToObj(i -> clients.submit(() -> client(api, i, end, answers)))
              .toList();
      Thread.sleep(nanos / 3_000_000);
      long handles = TensorScope.liveHandles();
      long early = used();
      for (Future<?> one : all) {
        one.get();
      }
      long late = used();
      assertThat(answers.keySet()).isSubsetOf(200, 429);
      assertThat(answers.get(200)).hasPositiveValue();
      assertThat(late - early).as("bytes of heap more").isLessThan(256 * MEGABYTE);
      assertThat(TensorScope.liveHandles()).isLessThanOrEqualTo(handles + 2000);
      System.out.println(
          CLIENTS
              + " clients: "
              + answers
              + " in "
              + nanos / 1_000_000_000L
              + " s; heap "
              + early / MEGABYTE
              + " to "
              + late / MEGABYTE
              + " MiB");
    }
    assertThat(TensorScope.liveHandles()).isZero();
  }

  private static Void client(ApiClient api, int number, long end, Map<Integer, AtomicLong> answers)
      throws Exception {
    for (int i = 0; System.nanoTime() < end; i++) {
      ObjectNode body =
          ApiClient.object().put("text", "Client " + number + " reads text " + i % 7 + ".");
      HttpResponse<String> answer = api.send(PAGES.get(i % PAGES.size()), body);
      answers.computeIfAbsent(answer.statusCode(), code -> new AtomicLong()).incrementAndGet();
      if (answer.statusCode() == 429) {
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        Thread.sleep(100);
      }
    }
    return null;
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
