package dev.heed.bench.engine;

import dev.heed.attention.kernel.MultiplyAddPeak;
import dev.heed.bench.attention.Interleaved;
import dev.heed.bench.attention.Timing;
import dev.heed.bench.embed.OnnxRuntimeProcess;
import dev.heed.checkpoint.StorageType;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.EngineChoice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times the Java engine against LibTorch and ONNX Runtime, interleaved in one run. */
@Command(
    name = "engine",
    description = {
      "The Java engine against LibTorch, ONNX Runtime and llama.cpp, interleaved in one run.",
      "",
      "Encoding: all-MiniLM-L6-v2 on tokens. Products: one layer's map, of one row beside the"
          + " memory's bandwidth, of many beside the machine's peak. Decoding: a model of LLaMA's"
          + " architecture with random weights, a prompt of 128 tokens and 24 after it."
    },
    footer = "%nExample: heed bench engine --seconds 3 --threads 1")
public final class EngineBench extends HeedCommand {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int[][] BATCHES = {{1, 16}, {1, 128}, {8, 128}, {1, 512}};
  private static final double ENCODING_GOAL = 1.1;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for each row, after as long to warm up (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  private double seconds;

  /** What is measured. */
  private enum Section {
    ENCODING,
    PRODUCTS,
    DECODING
  }

  @Option(
      names = "--only",
      paramLabel = "WHAT",
      split = ",",
      description = "Any of ${COMPLETION-CANDIDATES} (default: all).",
      defaultValue = "ENCODING,PRODUCTS,DECODING")
  private List<Section> sections = List.of();

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      split = ",",
      description = "Models to decode with, SMALL (124M) or BILLION (default: ${DEFAULT-VALUE}).",
      defaultValue = "SMALL")
  private List<DecodingRows.Size> shapes = List.of();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      split = ",",
      description = "How their weights are stored (default: ${DEFAULT-VALUE}).",
      defaultValue = "F32,BF16,Q8_0,Q4_0,Q4_K")
  private List<StorageType> types = List.of();

  @Option(
      names = "--no-peers",
      negatable = true,
      description = "Do not run llama.cpp beside it.",
      defaultValue = "true",
      fallbackValue = "true")
  private boolean peers = true;

  private void say(String line) {
    err().println(line);
    err().flush();
  }

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
      @Nullable Timing onnxRuntime,
      double ratioOnnx,
      double ratioLibTorch) {}

  private record Report(
      double peakFlops,
      double readBytes,
      List<Encoding> encodings,
      List<ProductRows.Row> products,
      List<DecodingRows.Row> decodings) {}

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
    List<Encoding> encodings = sections.contains(Section.ENCODING) ? encodings(threads) : List.of();
    List<ProductRows.Row> products =
        sections.contains(Section.PRODUCTS)
            ? new ProductRows(threads, seconds, peak).measure()
            : List.of();
    List<DecodingRows.Row> decodings =
        sections.contains(Section.DECODING)
            ? new DecodingRows(threads, shapes, types, peers, this::say).measure()
            : List.of();
    Report report = new Report(peak, bandwidth, encodings, products, decodings);
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

  private @Nullable OnnxRuntimeProcess onnxRuntime(int threads) {
    try {
      return new OnnxRuntimeProcess(threads);
    } catch (IOException e) {
      say("ONNX Runtime is left out: " + e.getMessage());
      return null;
    }
  }

  private List<Encoding> encodings(int threads) throws Exception {
    List<Encoding> rows = new ArrayList<>();
    try (Embedder libTorch = Embedder.open(ModelFiles.embedded(), DType.F32);
        Embedder java = onJava(() -> Embedder.open(ModelFiles.embedded(), DType.F32));
        OnnxRuntimeProcess onnx = onnxRuntime(threads)) {
      for (int[] batch : BATCHES) {
        List<long[]> tokens =
            IntStream.range(0, batch[0])
                .mapToObj(i -> {
                  long[] text = new long[batch[1]];
                  Arrays.setAll(text, j -> 1000 + (7919L * (i + 1) * (j + 1)) % 20_000);
                  return text;
                })
                .toList();
        List<Runnable> contestants = new ArrayList<>();
        contestants.add(javaRun(() -> java.embedTokens(tokens, i -> {})));
        contestants.add(() -> libTorch.embedTokens(tokens, i -> {}));
        if (onnx != null) {
          contestants.add(() -> onnx.embed(tokens));
        }
        List<Timing> times = new Interleaved(seconds, seconds).withPause(PAUSE).time(contestants);
        double own = times.get(0).median();
        rows.add(
            new Encoding(
                batch[0] + "x" + batch[1],
                threads,
                times.get(0),
                times.get(1),
                onnx == null ? null : times.get(2),
                onnx == null ? Double.NaN : times.get(2).median() / own,
                times.get(1).median() / own));
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
              row.onnxRuntime() == null ? Double.NaN : row.onnxRuntime().median(),
              row.ratioOnnx(),
              ENCODING_GOAL,
              row.ratioLibTorch());
    }
    ProductRows.print(out(), report.products());
    DecodingRows.print(out(), report.decodings());
    out().flush();
  }
}
