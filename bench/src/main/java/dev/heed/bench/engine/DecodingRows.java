package dev.heed.bench.engine;

import dev.heed.checkpoint.StorageType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decoding and reading prompts with random models, in turn with llama.cpp and with reading memory.
 */
final class DecodingRows {
  /** Which models. */
  enum Size {
    /** 124 million weights. */
    SMALL(RandomLlama.SMALL),
    /** 1.2 thousand million weights. */
    BILLION(RandomLlama.BILLION);

    private final RandomLlama model;

    Size(RandomLlama model) {
      this.model = model;
    }
  }

  private static final int PROMPT = 128;
  private static final int TOKENS = 24;
  private static final int ROUNDS = 3;

  /** Tokens until the JIT compiler has compiled all loops, and every loop by vectors is watched. */
  private static final int WARM_UP = 160;

  private static final int TOGETHER = 8;

  /** llama.cpp's time over that of the Java engine. */
  private static final double TOKEN_GOAL = 1;

  private static final double PROMPT_GOAL = 0.9;
  private static final double EIGHT_GOAL = 2;

  /**
   * One model in one type; times are medians.
   *
   * @param loadMegabytes by which loading raised the process's private memory
   * @param tokenMilliseconds for one token of one sequence
   * @param share of the bytes a second that were read in turn with it, of those a token must read
   * @param goal of that
   * @param llamaToken llama.cpp's milliseconds for a token, NaN without it
   * @param promptMilliseconds for 128 tokens
   * @param llamaPrompt llama.cpp's milliseconds for as many, NaN without it
   * @param eightTimes a token of eight sequences at once over one of one
   * @param garbage bytes a token
   */
  record Row(
      String model,
      String type,
      int threads,
      double loadMegabytes,
      double tokenMilliseconds,
      double share,
      double goal,
      double llamaToken,
      double promptMilliseconds,
      double llamaPrompt,
      double eightTimes,
      double garbage) {}

  private final int threads;
  private final List<Size> sizes;
  private final List<StorageType> types;
  private final boolean peers;
  private final Consumer<String> say;

  DecodingRows(
      int threads, List<Size> sizes, List<StorageType> types, boolean peers, Consumer<String> say) {
    this.threads = threads;
    this.sizes = sizes;
    this.types = types;
    this.peers = peers;
    this.say = say;
  }

  List<Row> measure() throws IOException {
    List<Row> rows = new ArrayList<>();
    Path folder = Files.createTempDirectory("heed-bench");
    Path file = folder.resolve("model.gguf");
    ReadBandwidth reading = new ReadBandwidth(threads);
    try {
      for (Size size : sizes) {
        for (StorageType type : types) {
          size.model.write(file, type);
          rows.add(measure(size.model, type, file, reading));
          Files.delete(file);
        }
      }
      return rows;
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  private @Nullable LlamaCpp llama(Path file) {
    if (!peers) {
      return null;
    }
    try {
      return new LlamaCpp(file, threads, PROMPT);
    } catch (IOException e) {
      say.accept("llama.cpp is left out: " + e.getMessage());
      return null;
    }
  }

  private Row measure(RandomLlama shape, StorageType type, Path file, ReadBandwidth reading) {
    double before = privateMegabytes();
    try (HeedDecoding heed = new HeedDecoding(file);
        LlamaCpp llama = llama(file)) {
      double loaded = privateMegabytes() - before;
      heed.run(1, 1, WARM_UP);
      double[][] times = new double[6][ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        int r = Math.max(0, round);
        double[] one = heed.run(1, PROMPT, TOKENS);
        times[0][r] = one[0];
        times[1][r] = one[1] / TOKENS;
        times[2][r] = heed.run(TOGETHER, 1, TOKENS / 4)[1] / (TOKENS / 4);
        long start = System.nanoTime();
        reading.once();
        times[3][r] = (System.nanoTime() - start) / 1e9;
        if (llama != null) {
          double prompt = llama.run(1);
          times[4][r] = prompt * PROMPT / llama.promptTokens();
          times[5][r] = (llama.run(1 + TOKENS) - prompt) / TOKENS;
        }
      }
      heed.run(1, PROMPT, TOKENS);
      double token = median(times[1]);
      double bandwidth = reading.bytes() / median(times[3]);
      return new Row(
          shape.name(),
          type.name(),
          threads,
          loaded,
          1e3 * token,
          shape.bytes(type) / token / bandwidth,
          type.bits() / type.block() < 6 ? 0.75 : 0.9,
          llama == null ? Double.NaN : 1e3 * median(times[5]),
          1e3 * median(times[0]),
          llama == null ? Double.NaN : 1e3 * median(times[4]),
          median(times[2]) / token,
          heed.bytesPerToken());
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** The process's own memory, mapped files left out; NaN where the system does not tell. */
  private static double privateMegabytes() {
    System.gc();
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith("RssAnon:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / 1024.0;
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  static void print(PrintWriter out, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    out.println();
    out.println(
        "model  type  threads  private MB  token ms  of bandwidth  goal  llama.cpp ms  ratio  goal"
            + "  prompt ms  llama.cpp ms  ratio  goal  8 at once   goal  garbage kB  goal");
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-5s  %-4s  %7d  %10.0f  %8.2f  %12.2f  %4.2f  %12.2f  %5.2f  %4.2f  %9.1f  %12.1f"
              + "  %5.2f  %4.2f  %8.2fx  %4.2fx  %10.1f  %4d%n",
          row.model(),
          row.type(),
          row.threads(),
          row.loadMegabytes(),
          row.tokenMilliseconds(),
          row.share(),
          row.goal(),
          row.llamaToken(),
          row.llamaToken() / row.tokenMilliseconds(),
          TOKEN_GOAL,
          row.promptMilliseconds(),
          row.llamaPrompt(),
          row.llamaPrompt() / row.promptMilliseconds(),
          PROMPT_GOAL,
          row.eightTimes(),
          EIGHT_GOAL,
          row.garbage() / 1e3,
          0);
    }
  }
}
