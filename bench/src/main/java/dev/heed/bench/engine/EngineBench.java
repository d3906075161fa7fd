package dev.heed.bench.engine;

import dev.heed.attention.kernel.MultiplyAddPeak;
import dev.heed.bench.attention.Interleaved;
import dev.heed.bench.attention.Timing;
import dev.heed.bench.embed.OnnxRuntimeEmbedder;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times the Java engine against LibTorch and ONNX Runtime, interleaved in one run. */
@Command(
    name = "engine",
    description = {
      "The Java engine against LibTorch and ONNX Runtime, interleaved in one run.",
      "",
      "Encoding: all-MiniLM-L6-v2 on tokens. Products: one layer's map of many rows, beside the"
          + " machine's peak. Decoding: the same map of one row, beside the memory's bandwidth."
    },
    footer = "%nExample: heed bench engine --seconds 3 --threads 1")
public final class EngineBench extends HeedCommand {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int[][] BATCHES = {{1, 16}, {1, 128}, {8, 128}, {1, 512}};
  private static final double ENCODING_GOAL = 1.1;
  private static final double READING_GOAL = 0.9;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for each row, after as long to warm up (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  private double seconds;

  /**
   * Encoding of a batch.
   *
   * @param ratioOnnx ONNX Runtime's time over the Java engine's; the goal is 1.1
   * @param ratioLibTorch LibTorch's time over the Java engine's
   */
  private record Encoding(
      String batch,
      int threads,
      Timing java,
      Timing libTorch,
      Timing onnxRuntime,
      double ratioOnnx,
      double ratioLibTorch) {}

  /**
   * A product of {@code rows × depth} by {@code depth × columns}.
   *
   * @param share of the peak rate of multiplications where there are many rows, of the read
   *     bandwidth for the weights where there is one
   */
  private record Product(
      String type, int rows, int threads, Timing java, Timing libTorch, double share) {}

  private record Report(
      double peakFlops, double readBytes, List<Encoding> encodings, List<Product> products) {}

  @Override
  protected int run() throws Exception {
    int threads = threads() > 0 ? threads() : Runtime.getRuntime().availableProcessors();
    Backend.threads(threads);
    onJava(() -> {
      Backend.threads(threads);
      return threads;
    });
    double peak = MultiplyAddPeak.measure() * threads;
    double bandwidth = ReadBandwidth.measure(threads);
    List<Encoding> encodings = encodings(threads);
    List<Product> products = products(threads, peak, bandwidth);
    Report report = new Report(peak, bandwidth, encodings, products);
    if (json()) {
      printJson(report);
    } else {
      print(report);
    }
    return ExitStatus.OK;
  }

  private static <T> T onJava(Supplier<T> body) {
    return EngineChoice.during(EngineChoice.Kind.JAVA, body);
  }

  private static Runnable javaRun(Runnable body) {
    return () ->
        onJava(() -> {
          body.run();
          return body;
        });
  }

  private List<Encoding> encodings(int threads) throws Exception {
    List<Encoding> rows = new ArrayList<>();
    try (Embedder libTorch = Embedder.open(ModelFiles.embedded(), DType.F32);
        Embedder java = onJava(() -> Embedder.open(ModelFiles.embedded(), DType.F32));
        OnnxRuntimeEmbedder onnx = new OnnxRuntimeEmbedder(threads)) {
      for (int[] batch : BATCHES) {
        List<long[]> tokens =
            IntStream.range(0, batch[0])
                .mapToObj(i -> {
                  long[] text = new long[batch[1]];
                  Arrays.setAll(text, j -> 1000 + (7919L * (i + 1) * (j + 1)) % 20_000);
                  return text;
                })
                .toList();
        List<Timing> times =
            new Interleaved(seconds, seconds)
                .withPause(PAUSE)
                .time(
                    List.of(
                        javaRun(() -> java.embedTokens(tokens, i -> {})),
                        () -> libTorch.embedTokens(tokens, i -> {}),
                        () -> onnx.embed(tokens)));
        double own = times.get(0).median();
        rows.add(
            new Encoding(
                batch[0] + "x" + batch[1],
                threads,
                times.get(0),
                times.get(1),
                times.get(2),
                times.get(2).median() / own,
                times.get(1).median() / own));
      }
    }
    return rows;
  }

  private List<Product> products(int threads, double peak, double bandwidth) {
    List<Product> rows = new ArrayList<>();
    int depth = 2048;
    int columns = 8192;
    for (DType type : List.of(DType.F32, DType.BF16)) {
      for (int count : new int[] {1, 128}) {
        try (TensorScope scope = TensorScope.open()) {
          Tensor w = Tensor.ones(Shape.of(columns, depth), type);
          Tensor x = Tensor.ones(Shape.of(count, depth), type);
          Tensor javaW = onJava(() -> Tensor.ones(Shape.of(columns, depth), type));
          Tensor javaX = onJava(() -> Tensor.ones(Shape.of(count, depth), type));
          List<Timing> times =
              new Interleaved(seconds, seconds)
                  .withPause(PAUSE)
                  .time(
                      List.of(
                          javaRun(() -> javaX.linear(javaW, null).close()),
                          () -> x.linear(w, null).close()));
          double second = times.getFirst().median() / 1e3;
          double share =
              count == 1
                  ? (double) depth * columns * type.bytes() / second / bandwidth
                  : 2.0 * count * depth * columns / second / peak;
          rows.add(new Product(type.toString(), count, threads, times.get(0), times.get(1), share));
        }
      }
    }
    return rows;
  }

  private void print(Report report) {
    out()
        .printf(
            Locale.ROOT,
            "peak %.0f GFLOP/s, read bandwidth %.1f GB/s%n%n",
            report.peakFlops() / 1e9,
            report.readBytes() / 1e9);
    out()
        .println("encoding  threads  Java ms  LibTorch ms  ORT ms  ORT/Java   goal  LibTorch/Java");
    for (Encoding row : report.encodings()) {
      out()
          .printf(
              Locale.ROOT,
              "%-8s  %7d  %7.2f  %11.2f  %6.2f  %7.2fx  %4.2fx  %12.2fx%n",
              row.batch(),
              row.threads(),
              row.java().median(),
              row.libTorch().median(),
              row.onnxRuntime().median(),
              row.ratioOnnx(),
              ENCODING_GOAL,
              row.ratioLibTorch());
    }
    out().println();
    out().println("product  rows  Java ms  LibTorch ms  share of the peak or the bandwidth  goal");
    for (Product row : report.products()) {
      out()
          .printf(
              Locale.ROOT,
              "%-7s  %4d  %7.2f  %11.2f  %34.2f  %4s%n",
              row.type(),
              row.rows(),
              row.java().median(),
              row.libTorch().median(),
              row.share(),
              row.rows() == 1 ? String.format(Locale.ROOT, "%.2f", READING_GOAL) : "");
    }
    out().flush();
  }
}
