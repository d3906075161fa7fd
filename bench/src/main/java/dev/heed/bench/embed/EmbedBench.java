package dev.heed.bench.embed;

import dev.heed.bench.attention.Interleaved;
import dev.heed.bench.attention.Timing;
<<<<<<< HEAD
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
=======
>>>>>>> 5fa8812 (Benchmark sentence embeddings against ONNX Runtime on the same weights)
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import java.util.ArrayList;
<<<<<<< HEAD
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times sentence embeddings against ONNX Runtime on the same file, interleaved in one run. */
@Command(
    name = "embed",
    description = "Sentence embeddings against ONNX Runtime on the same weights, interleaved.",
    footer = "%nExample: heed bench embed --seconds 3 --json")
public final class EmbedBench extends HeedCommand {
  private static final String[] WORDS =
      ("the animal did not cross street because it was too tired while children played music near"
              + " an old river and trains carried letters across mountains before winter arrived")
          .split(" ");

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for each row, after as long to warm up (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  private double seconds;

  /** Texts of a kind. */
  private enum Texts {
    SHORT(128, 6, 24),
    LONG(16, 120, 240);

    private final int count;
    private final int shortest;
    private final int longest;

    Texts(int count, int shortest, int longest) {
      this.count = count;
      this.shortest = shortest;
      this.longest = longest;
    }

    List<String> make() {
      Random random = new Random(5);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int words = shortest + random.nextInt(longest - shortest + 1);
        StringBuilder text = new StringBuilder();
        for (int w = 0; w < words; w++) {
          text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        texts.add(text.toString());
      }
      return texts;
    }
  }

  /**
   * One row.
   *
   * @param texts short or long
   * @param threads for each contestant
   * @param tokenising whether tokenisation is counted
   * @param f32 Heed in milliseconds
   * @param bf16 Heed in milliseconds
   * @param onnxRuntime in milliseconds, f32
   * @param ratioF32 ONNX Runtime's time over Heed's
   * @param ratioBf16 ONNX Runtime's time over Heed's
   * @param cosineBf16 the lowest cosine of bf16 to f32
   * @param cosineOnnx the lowest cosine of ONNX Runtime to Heed's f32
=======
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code heed bench embed}: Heed in f32 and bf16 against ONNX Runtime one text at a time, as
 * langchain4j runs it, and against ONNX Runtime in batches sorted by length.
 */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = "Sentence embeddings against ONNX Runtime, interleaved in one process.",
    footer = {"", "Example:", "  heed bench embed --threads 1,2 --json"})
public final class EmbedBench implements Callable<Integer> {
  private static final int ONNX_BATCH = 32;

  @Option(names = "--threads", split = ",", description = "Thread counts (default: 1,2).")
  private List<Integer> threads = List.of(1, 2);

  @Option(names = "--seconds", description = "For each row (default: ${DEFAULT-VALUE}).")
  private double seconds = 12;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** A set of texts. */
  private record Load(String name, List<String> texts) {}

  /**
   * One line: medians in texts a second, and ratios to the faster way of running ONNX Runtime.
   *
   * @param fp32Low quartile of the ratio, from the quartiles of both times
>>>>>>> 5fa8812 (Benchmark sentence embeddings against ONNX Runtime on the same weights)
   */
  private record Row(
      String texts,
      int threads,
<<<<<<< HEAD
      boolean tokenising,
      Timing f32,
      Timing bf16,
      Timing onnxRuntime,
      double ratioF32,
      double ratioBf16,
      double cosineBf16,
      double cosineOnnx) {}

  @Override
  protected int run() throws Exception {
    List<Row> rows = new ArrayList<>();
    try (Embedder f32 = Embedder.open(ModelFiles.embedded(), DType.F32);
        Embedder bf16 = Embedder.open(ModelFiles.embedded(), DType.BF16)) {
      for (int threads : new int[] {1, 2}) {
        Backend.threads(threads);
        try (OnnxRuntimeEmbedder onnx = new OnnxRuntimeEmbedder(threads)) {
          for (Texts texts : Texts.values()) {
            rows.add(row(texts, threads, true, f32, bf16, onnx));
            rows.add(row(texts, threads, false, f32, bf16, onnx));
=======
      boolean tokenisation,
      double onnxSingle,
      double onnxBatched,
      double heedFp32,
      double heedBf16,
      double fp32ToSingle,
      double fp32ToBest,
      double fp32Low,
      double fp32High,
      double bf16ToSingle,
      double bf16ToBest,
      double leastCosine) {}

  @Override
  public Integer call() {
    List<Load> loads =
        List.of(
            new Load("short", SampleTexts.of(256, 6, 24, 7)),
            new Load("long", SampleTexts.of(32, 120, 220, 11)));
    List<Row> rows = new ArrayList<>();
    for (int count : threads) {
      Backend.threads(count);
      try (Embedder exact = Embedder.open();
          Embedder half = Embedder.open(ModelFiles.embedded(), DType.BF16);
          OnnxEncoder onnx = new OnnxEncoder(count)) {
        for (Load load : loads) {
          for (boolean tokenisation : new boolean[] {false, true}) {
            Row row = row(load, count, tokenisation, exact, half, onnx);
            rows.add(row);
            if (!json) {
              print(row);
            }
>>>>>>> 5fa8812 (Benchmark sentence embeddings against ONNX Runtime on the same weights)
          }
        }
      }
    }
<<<<<<< HEAD
    if (json()) {
      printJson(rows);
    } else {
      print(rows);
    }
    return ExitStatus.OK;
  }

  private Row row(
      Texts kind,
      int threads,
      boolean tokenising,
      Embedder f32,
      Embedder bf16,
      OnnxRuntimeEmbedder onnx) {
    List<String> texts = kind.make();
    List<long[]> tokens = texts.stream().map(f32::tokens).toList();
    Function<Embedder, Runnable> heed =
        embedder ->
            tokenising ? () -> embedder.embed(texts) : () -> embedder.embedTokens(tokens, i -> {});
    Runnable peer =
        tokenising
            ? () -> onnx.embed(texts.stream().map(f32::tokens).toList())
            : () -> onnx.embed(tokens);
    List<Timing> times =
        new Interleaved(seconds, seconds).time(List.of(heed.apply(f32), heed.apply(bf16), peer));
    List<float[]> exact = f32.embedTokens(tokens, i -> {});
    return new Row(
        kind.name().toLowerCase(Locale.ROOT),
        threads,
        tokenising,
        times.get(0),
        times.get(1),
        times.get(2),
        times.get(2).median() / times.get(0).median(),
        times.get(2).median() / times.get(1).median(),
        lowestCosine(exact, bf16.embedTokens(tokens, i -> {})),
        lowestCosine(exact, onnx.embed(tokens)));
  }

  private static double lowestCosine(List<float[]> a, List<float[]> b) {
    double lowest = 1;
    for (int i = 0; i < a.size(); i++) {
      lowest = Math.min(lowest, Embedder.similarity(a.get(i), b.get(i)));
    }
    return lowest;
  }

  private void print(List<Row> rows) {
    out()
        .println(
            "texts  threads  tokenising   f32 ms  bf16 ms   ORT ms  ORT/f32  ORT/bf16  cosine bf16  cosine ORT");
    for (Row row : rows) {
      out()
          .printf(
              Locale.ROOT,
              "%-5s  %7d  %-10s  %7.1f  %7.1f  %7.1f  %6.2fx  %7.2fx  %11.5f  %10.5f%n",
              row.texts(),
              row.threads(),
              row.tokenising() ? "counted" : "left out",
              row.f32().median(),
              row.bf16().median(),
              row.onnxRuntime().median(),
              row.ratioF32(),
              row.ratioBf16(),
              row.cosineBf16(),
              row.cosineOnnx());
    }
    out().flush();
=======
    if (json) {
      System.out.println(new JsonMapper().writeValueAsString(rows));
    }
    return 0;
  }

  private Row row(
      Load load, int count, boolean tokenisation, Embedder exact, Embedder half, OnnxEncoder onnx) {
    List<long[]> ready = load.texts().stream().map(exact::tokens).toList();
    Function<Embedder, List<long[]>> tokens =
        embedder -> tokenisation ? load.texts().stream().map(embedder::tokens).toList() : ready;
    List<Timing> times =
        new Interleaved(seconds / 4, seconds)
            .time(
                List.of(
                    () -> tokens.apply(exact).forEach(ids -> onnx.embed(List.of(ids))),
                    () -> batched(onnx, tokens.apply(exact)),
                    () -> exact.embedTokens(tokens.apply(exact), done -> {}),
                    () -> half.embedTokens(tokens.apply(half), done -> {})));
    double best = Math.min(times.get(0).median(), times.get(1).median());
    Timing rival = times.get(0).median() <= times.get(1).median() ? times.get(0) : times.get(1);
    Timing fp32 = times.get(2);
    return new Row(
        load.name(),
        count,
        tokenisation,
        rate(load, times.get(0)),
        rate(load, times.get(1)),
        rate(load, fp32),
        rate(load, times.get(3)),
        times.get(0).median() / fp32.median(),
        best / fp32.median(),
        rival.low() / fp32.high(),
        rival.high() / fp32.low(),
        times.get(0).median() / times.get(3).median(),
        best / times.get(3).median(),
        leastCosine(ready, exact, half, onnx));
  }

  private static void batched(OnnxEncoder onnx, List<long[]> texts) {
    List<long[]> sorted =
        texts.stream().sorted(Comparator.comparingInt((long[] ids) -> -ids.length)).toList();
    for (int start = 0; start < sorted.size(); start += ONNX_BATCH) {
      onnx.embed(sorted.subList(start, Math.min(sorted.size(), start + ONNX_BATCH)));
    }
  }

  private static double rate(Load load, Timing timing) {
    return 1e3 * load.texts().size() / timing.median();
  }

  /** Of bf16 and of ONNX Runtime to f32: they compute the same. */
  private static double leastCosine(
      List<long[]> texts, Embedder exact, Embedder half, OnnxEncoder onnx) {
    List<float[]> expected = exact.embedTokens(texts, done -> {});
    List<float[]> rounded = half.embedTokens(texts, done -> {});
    double least = 1;
    for (int i = 0; i < texts.size(); i++) {
      float[] peer = onnx.embed(List.of(texts.get(i)))[0];
      if (Embedder.similarity(expected.get(i), peer) < 0.9999) {
        throw new IllegalStateException("Heed and ONNX Runtime disagree on text " + i);
      }
      least = Math.min(least, Embedder.similarity(expected.get(i), rounded.get(i)));
    }
    return least;
  }

  private static void print(Row r) {
    System.out.printf(
        "%-5s %d thread(s), tokens %-8s texts/s: onnx %.0f single, %.0f batched; heed %.0f f32, %.0f"
            + " bf16 | f32 %.2fx single, %.2fx best (%.2f to %.2f); bf16 %.2fx single, %.2fx best;"
            + " cosine >= %.5f%n",
        r.texts(),
        r.threads(),
        r.tokenisation() ? "counted," : "ready,",
        r.onnxSingle(),
        r.onnxBatched(),
        r.heedFp32(),
        r.heedBf16(),
        r.fp32ToSingle(),
        r.fp32ToBest(),
        r.fp32Low(),
        r.fp32High(),
        r.bf16ToSingle(),
        r.bf16ToBest(),
        r.leastCosine());
>>>>>>> 5fa8812 (Benchmark sentence embeddings against ONNX Runtime on the same weights)
  }
}
