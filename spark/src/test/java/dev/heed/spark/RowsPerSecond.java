package dev.heed.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TinyModels;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows a second by process, thread and worker: the table of docs/spark.md. {@code
 * -Dheed.spark.model=DIR}, {@code -Dheed.spark.texts=FILE} of lines, {@code -Dheed.spark.rows=N};
 * {@code -Dheed.spark.batch=N} rows at once.
 */
@Tag("soak")
@SuppressWarnings("NullAway.Init") // by JUnit
class RowsPerSecond {
  private static final int ROWS = Integer.getInteger("heed.spark.rows", 2_000);
  private static final int WARM = ROWS / 2;
  private static final int PARTITIONS = 40;
  private static final String MODEL = System.getProperty("heed.spark.model", "");
  private static final String TEXTS = System.getProperty("heed.spark.texts", "");
  private static final int BATCH = Integer.getInteger("heed.spark.batch", 64);

  /** A vector's elements, each by its place: a sum that no change of an element leaves as it is. */
  private static final String WEIGHED =
      "aggregate(zip_with(vector, sequence(1, size(vector)), (x, place) -> x * sqrt(place)),"
          + " 0D, (sum, x) -> sum + x)";

  @TempDir Path folder;

  /** What a setting does with texts, giving a number that changes with its vectors. */
  private interface Setting {
    double vectors(List<String> texts);
  }

  /** Rows by the second, and by the second of processor time of all processes. */
  private record Rate(double digest, double wall, double processor) {
    static Rate of(Setting setting, List<String> texts) {
      setting.vectors(texts.subList(0, WARM));
      double before = processorSeconds();
      long begun = System.nanoTime();
      double digest = setting.vectors(texts);
      double wall = (System.nanoTime() - begun) / 1e9;
      return new Rate(digest, texts.size() / wall, texts.size() / (processorSeconds() - before));
    }

    private static double processorSeconds() {
      ProcessHandle own = ProcessHandle.current();
      return Stream.concat(Stream.of(own), own.descendants())
          .mapToDouble(one -> one.info().totalCpuDuration().orElseThrow().toMillis() / 1e3)
          .sum();
    }
  }

  private static List<String> texts() throws IOException {
    List<String> lines =
        TEXTS.isEmpty()
            ? IntStream.range(0, ROWS).mapToObj(i -> "a b c " + i % 97 + " b " + i % 89).toList()
            : Files.readAllLines(Path.of(TEXTS));
    return IntStream.range(0, ROWS).mapToObj(i -> lines.get(i % lines.size())).toList();
  }

  /** A process by itself. */
  private static Rate alone(Path model, int threads, List<String> texts) {
    int usual = Backend.threads();
    Backend.threads(threads);
    try (Embedder embedder = Embedder.open(ModelFiles.folder(model), DType.F32)) {
      return Rate.of(all -> embedder.embed(all).size(), texts);
    } finally {
      Backend.threads(usual);
    }
  }

  private static Rate spark(HeedEmbedding stage, SparkSession session, List<String> texts) {
    return Rate.of(
        all -> {
          Dataset<Row> rows =
              session.createDataset(all, Encoders.STRING()).toDF("text").repartition(PARTITIONS);
          return stage
              .transform(rows)
              .selectExpr("avg(cos(xxhash64(text)) * " + WEIGHED + ")")
              .collectAsList()
              .getFirst()
              .getDouble(0);
        },
        texts);
  }

  private static SparkSession local(int cores) {
    return SparkSession.builder()
        .master("local[" + cores + "]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }

  private static void print(String setting, Rate rate) {
    System.out.printf(
        Locale.ROOT, "| %s | %.0f | %.0f |%n", setting, rate.wall(), rate.processor());
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void every_master_gives_the_same_vectors() throws IOException {
    Path model = MODEL.isEmpty() ? TinyModels.embedder(folder.resolve("model")) : Path.of(MODEL);
    List<String> texts = texts();
    System.out.printf(Locale.ROOT, "spark: %d rows, by clock and by processor%n", ROWS);
    for (int threads = 1; threads <= 2; threads++) {
      print("one process, threads: " + threads, alone(model, threads, texts));
    }
    HeedEmbedding stage =
        new HeedEmbedding()
            .setInputCol("text")
            .setOutputCol("vector")
            .setModel(model.toString())
            .setBatchSize(BATCH);
    List<Double> digests = new ArrayList<>();
    for (int cores = 1; cores <= 2; cores++) {
      try (SparkSession session = local(cores)) {
        Rate rate = spark(stage, session, texts);
        print("local[" + cores + "]", rate);
        digests.add(rate.digest());
      } finally {
        ExecutorModels.close();
      }
    }
    for (int workers = 1; workers <= 2; workers++) {
      try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster" + workers), workers);
          SparkSession session = cluster.session()) {
        Rate rate = spark(stage, session, texts);
        print("workers of a core: " + workers, rate);
        digests.add(rate.digest());
      }
    }
    // Which rows share a batch is not the same for each master, so the last bits are not either.
    assertThat(digests)
        .hasSize(4)
        .allSatisfy(digest -> assertThat(digest).isCloseTo(digests.getFirst(), within(1e-5)));
  }
}
