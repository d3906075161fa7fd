package dev.heed.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the graphs find of the true neighbours. {@code -Dheed.recall=N} measures N vectors (2,000
 * else) and prints the figures of docs/stores.md.
 */
@Tag("integration")
class RecallTest {
  private static final int SIZE = 64;
  private static final int VECTORS = Integer.getInteger("heed.recall", 2_000);
  private static final int QUERIES = 50;

  /** Texts gather around what they speak of: a topic's vector and some noise. */
  private static List<VectorEntry> texts() {
    Random random = new Random(17);
    List<float[]> topics =
        IntStream.range(0, 100).mapToObj(i -> VectorStoreTest.vector(random, SIZE)).toList();
    return IntStream.range(0, VECTORS + QUERIES)
        .mapToObj(i -> {
          float[] vector = topics.get(random.nextInt(topics.size())).clone();
          for (int j = 0; j < SIZE; j++) {
            vector[j] += (float) random.nextGaussian();
          }
          return VectorEntry.of(i, vector);
        })
        .toList();
  }

  private static void measure(String name, VectorStore store, double least) {
    List<VectorEntry> texts = texts();
    List<float[]> queries =
        texts.subList(VECTORS, texts.size()).stream().map(VectorEntry::vector).toList();
    try (VectorStore exact = new ExactStore(store.metric())) {
      exact.add(texts.subList(0, VECTORS));
      exact.commit();
      long begun = System.nanoTime();
      for (int from = 0; from < VECTORS; from += 1000) {
        store.add(texts.subList(from, Math.min(VECTORS, from + 1000)));
      }
      store.commit();
      double built = (System.nanoTime() - begun) / 1e9;
      for (int candidates : new int[] {16, 128, 512}) {
        Search search = Search.of(10).withCandidates(candidates);
        double recall = Recall.of(exact, store, queries, search);
        long asked = System.nanoTime();
        queries.forEach(query -> store.nearest(query, search));
        double each = (System.nanoTime() - asked) / 1e6 / QUERIES;
        asked = System.nanoTime();
        queries.forEach(query -> exact.nearest(query, search));
        double exactEach = (System.nanoTime() - asked) / 1e6 / QUERIES;
        System.out.printf(
            Locale.ROOT,
            "recall: %s, %d vectors of %d, built in %.1f s; %d candidates: %.3f of the nearest 10,"
                + " %.2f ms a query, exact %.2f ms%n",
            name,
            VECTORS,
            SIZE,
            built,
            candidates,
            recall,
            each,
            exactEach);
        if (candidates >= 128) {
          assertThat(recall).as(name).isGreaterThanOrEqualTo(least);
        }
      }
    }
  }

  @Test
  void lucene_finds_most_of_the_true_neighbours(@TempDir Path folder) {
    try (VectorStore store = LuceneStore.create(folder, Metric.COSINE)) {
      measure("Lucene", store, 0.95);
    }
  }

  @Test
  void pgvector_finds_most_of_the_true_neighbours() throws IOException {
    try (PostgresServer server = PostgresServer.start();
        VectorStore store =
            PgVectorStore.create(oneOf(server.source()), "recalled", Metric.COSINE, SIZE)) {
      measure("pgvector", store, 0.95);
    }
  }

  /**
   * A pool of one connection, as a program has one: opening each anew would be what is measured.
   */
  private static DataSource oneOf(DataSource source) {
    Map<Boolean, Connection> open = new HashMap<>();
    return (DataSource)
        Proxy.newProxyInstance(
            RecallTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> open.computeIfAbsent(true, pool -> borrowed(source)));
  }

  private static Connection borrowed(DataSource source) {
    try {
      Connection connection = source.getConnection();
      return (Connection)
          Proxy.newProxyInstance(
              RecallTest.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) ->
                  method.getName().equals("close") ? null : method.invoke(connection, arguments));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
