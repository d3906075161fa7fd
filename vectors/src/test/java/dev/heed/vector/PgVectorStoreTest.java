package dev.heed.vector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Vectors in a PostgreSQL that runs for this test. */
@Tag("integration")
class PgVectorStoreTest extends VectorStoreTest {
  private static final AtomicInteger TABLES = new AtomicInteger();
  private static @Nullable PostgresServer server;

  @BeforeAll
  static void start() throws IOException {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static DataSource source() {
    return requireNonNull(server).source();
  }

  @Override
  VectorStore create(Metric metric, int size) {
    return PgVectorStore.create(source(), "test_" + TABLES.incrementAndGet(), metric, size);
  }

  @Test
  void what_was_committed_is_there_when_it_is_opened_again() {
    try (VectorStore store = PgVectorStore.create(source(), "kept", Metric.COSINE, 2)) {
      store.add(VectorEntry.of(1, new float[] {1, 0}));
      store.commit();
      store.add(VectorEntry.of(2, new float[] {0, 1}));
    }
    try (VectorStore store = PgVectorStore.open(source(), "kept")) {
      assertThat(store.count()).isEqualTo(1);
      assertThat(store.size()).isEqualTo(2);
      assertThat(store.metric()).isEqualTo(Metric.COSINE);
    }
  }

  @Test
  void the_pages_example_runs() {
    DataSource source = source();
    float[] vector = new float[384];
    vector[7] = 1;
    try (VectorStore store = PgVectorStore.create(source, "texts", Metric.COSINE, 384)) {
      store.add(VectorEntry.of(1, vector));
      store.commit();
    }
    try (VectorStore store = PgVectorStore.open(source, "texts")) {
      assertThat(store.nearest(vector, Search.of(1)).getFirst().distance()).isZero();
    }
  }

  @Test
  void a_search_goes_through_the_graph() throws Exception {
    try (VectorStore store = PgVectorStore.create(source(), "planned", Metric.COSINE, SIZE)) {
      store.add(random(100, SIZE, 1));
      store.commit();
    }
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet plan =
            statement.executeQuery(
                "EXPLAIN SELECT id FROM planned ORDER BY vector <=> (SELECT vector FROM planned"
                    + " WHERE id = 1) LIMIT 3")) {
      StringBuilder text = new StringBuilder();
      while (plan.next()) {
        text.append(plan.getString(1)).append('\n');
      }
      assertThat(text.toString()).contains("Index Scan using planned_hnsw");
    }
  }

  @Test
  void what_is_no_table_of_vectors_is_refused() throws Exception {
    assertThatThrownBy(() -> PgVectorStore.open(source(), "x; drop"))
        .hasMessageContaining("expected a table's name of small letters, digits and underscores");
    create(Metric.COSINE, 1).close();
    assertThatThrownBy(() -> PgVectorStore.open(source(), "nowhere"))
        .isInstanceOf(VectorStoreException.class)
        .hasMessage("nowhere: expected a table that PgVectorStore made, got 'none'");
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE other (id bigint)");
    }
    assertThatThrownBy(() -> PgVectorStore.open(source(), "other"))
        .hasMessage("other: expected a table that PgVectorStore made, got ''");
    assertThatThrownBy(() -> PgVectorStore.create(source(), "other", Metric.COSINE, 3))
        .hasMessageContaining("already exists");
    assertThatThrownBy(() -> PgVectorStore.create(source(), "wide", Metric.COSINE, 2001))
        .hasMessage("vectors: expected a size from 1 to 2000, got 2001");
  }
}
