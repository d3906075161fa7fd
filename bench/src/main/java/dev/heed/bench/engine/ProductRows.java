package dev.heed.bench.engine;

import dev.heed.bench.attention.Interleaved;
import dev.heed.bench.attention.Timing;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.gguf.GgufFile;
import dev.heed.checkpoint.gguf.GgufTensor;
import dev.heed.checkpoint.gguf.GgufValue;
import dev.heed.checkpoint.gguf.GgufWriter;
import dev.heed.tensor.DType;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.Shape;
import dev.heed.tensor.StoredTensors;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** Products with one matrix in each type, in turn with reading as many bytes and doing no more. */
final class ProductRows {
  private static final int DEPTH = 2048;
  private static final int COLUMNS = 16_384;
  private static final List<StorageType> TYPES =
      List.of(
          StorageType.F32,
          StorageType.BF16,
          StorageType.F16,
          StorageType.Q8_0,
          StorageType.Q4_0,
          StorageType.Q4_K,
          StorageType.Q5_K,
          StorageType.Q6_K);

  /**
   * One product.
   *
   * @param rows of the other matrix
   * @param share of the bytes a second that were read in turn with it, where there is one row; of
   *     the peak rate of multiplications where there are more
   * @param goal of that, or 0
   */
  record Row(String type, int rows, int threads, Timing time, double share, double goal) {}

  private final int threads;
  private final double seconds;
  private final double peak;

  ProductRows(int threads, double seconds, double peak) {
    this.threads = threads;
    this.seconds = seconds;
    this.peak = peak;
  }

  List<Row> measure() throws IOException {
    Path folder = Files.createTempDirectory("heed-bench");
    Path file = folder.resolve("weights.gguf");
    try (Arena arena = Arena.ofShared()) {
      List<GgufTensor> tensors = new ArrayList<>();
      for (StorageType type : TYPES) {
        tensors.add(
            GgufTensor.stored(
                type.name(),
                type,
                Shape.of(COLUMNS, DEPTH),
                RandomBlocks.of(type, (long) COLUMNS * DEPTH, arena)));
      }
      LinkedHashMap<String, GgufValue> values = new LinkedHashMap<>();
      values.put("general.architecture", GgufValue.of("llama"));
      GgufWriter.write(file, values, tensors);
      return EngineChoice.during(EngineChoice.Kind.JAVA, () -> measure(file));
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  private List<Row> measure(Path file) {
    List<Row> rows = new ArrayList<>();
    try (GgufFile weights = GgufFile.open(file);
        TensorScope scope = TensorScope.open()) {
      for (int count : new int[] {1, 8, 128}) {
        Tensor x = Tensor.ones(Shape.of(count, DEPTH), DType.F32);
        List<Runnable> contestants = new ArrayList<>();
        ReadBandwidth reading = new ReadBandwidth(threads);
        contestants.add(reading::once);
        for (StorageType type : TYPES) {
          Tensor w = StoredTensors.widened(weights.read(type.name()));
          contestants.add(() -> x.linear(w, null).close());
        }
        List<Timing> times =
            new Interleaved(seconds * TYPES.size() / 2, seconds * TYPES.size() / 2)
                .time(contestants);
        double bandwidth = reading.bytes() / times.getFirst().median();
        for (int i = 0; i < TYPES.size(); i++) {
          rows.add(row(TYPES.get(i), count, times.get(i + 1), bandwidth));
        }
      }
    }
    return rows;
  }

  private Row row(StorageType type, int count, Timing time, double bandwidth) {
    double numbers = (double) COLUMNS * DEPTH;
    double bytes = numbers / type.block() * type.bits() / 8;
    double share =
        count == 1
            ? bytes / time.median() / bandwidth
            : 2e3 * count * numbers / time.median() / peak;
    double goal = count > 1 ? 0 : type.bits() / type.block() < 6 ? 0.75 : 0.9;
    return new Row(type.name(), count, threads, time, share, goal);
  }

  static void print(PrintWriter out, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    out.println();
    out.println("product  rows  threads       ms  share of the bandwidth or the peak  goal");
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-7s  %4d  %7d  %7.2f  %34.2f  %4s%n",
          row.type(),
          row.rows(),
          row.threads(),
          row.time().median(),
          row.share(),
          row.goal() == 0 ? "" : String.format(Locale.ROOT, "%.2f", row.goal()));
    }
  }
}
