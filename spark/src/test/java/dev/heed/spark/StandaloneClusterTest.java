package dev.heed.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TinyModels;
import dev.heed.tensor.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master and workers as processes of their own. {@code -Dheed.spark.rows=100000} for more rows,
 * {@code -Dheed.spark.model=DIR} for another encoder.
 */
@Tag("soak")
@SuppressWarnings("NullAway.Init") // by JUnit
class StandaloneClusterTest {
  private static final int ROWS = Integer.getInteger("heed.spark.rows", 20_000);
  private static final int WORKERS = 2;
  private static final String MODEL = System.getProperty("heed.spark.model", "");
  private static final int PARTITIONS = 40;

  @TempDir Path folder;

  private static Dataset<Row> texts(SparkSession session) {
    return session
        .range(0, ROWS, 1, PARTITIONS)
        .withColumn("text", functions.expr("concat('a b c ', id % 97, ' b ', id % 89)"));
  }

  /** A number that changes with any bit of any vector. */
  private static List<Row> digest(HeedEmbedding stage, Dataset<Row> texts) {
    return stage
        .transform(texts)
        .selectExpr("xxhash64(id, vector) AS hash")
        .selectExpr("count(*)", "bit_xor(hash)", "sum(hash % 1000003)")
        .collectAsList();
  }

  /** How many threads an operation may use, by partition. */
  private static List<Integer> threads(Dataset<Row> texts) {
    MapPartitionsFunction<Row, Integer> told = rows -> List.of(Backend.threads()).iterator();
    return texts.mapPartitions(told, Encoders.INT()).collectAsList();
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void a_killed_executor_changes_nothing() throws Exception {
    Path model = MODEL.isEmpty() ? TinyModels.embedder(folder.resolve("model")) : Path.of(MODEL);
    HeedEmbedding stage =
        new HeedEmbedding()
            .setInputCol("text")
            .setOutputCol("vector")
            .setModel(model.toString())
            .setBroadcast(true)
            .setBatchSize(256);
    try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), WORKERS);
        SparkSession session = cluster.session()) {
      Dataset<Row> texts = texts(session);
      CompletableFuture<List<Row>> first =
          CompletableFuture.supplyAsync(() -> digest(stage, texts));
      List<Row> expected = first.get(10, TimeUnit.MINUTES);
      assertThat(expected.getFirst().getLong(0)).isEqualTo(ROWS);
      assertThat(cluster.executors()).as(cluster::logs).hasSize(WORKERS);

      assertThat(threads(texts)).as("threads of an executor of one core").containsOnly(1);

      CountDownLatch under = new CountDownLatch(3);
      session
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  under.countDown();
                }
              });
      CompletableFuture<List<Row>> again =
          CompletableFuture.supplyAsync(() -> digest(stage, texts));
      assertThat(under.await(5, TimeUnit.MINUTES)).isTrue();
      ProcessHandle killed = cluster.executors().getFirst();
      assertThat(again.isDone()).isFalse();
      killed.destroyForcibly();
      killed.onExit().orTimeout(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS).join();
      assertThat(again.get(10, TimeUnit.MINUTES)).as(cluster::logs).isEqualTo(expected);
    }
  }
}
