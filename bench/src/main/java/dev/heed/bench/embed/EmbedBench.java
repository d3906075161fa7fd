package dev.heed.bench.embed;

import dev.heed.bench.attention.Interleaved;
import dev.heed.bench.attention.Timing;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import java.time.Duration;
import java.util.ArrayList;
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

  private static final Duration PAUSE = Duration.ofMillis(20);

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
   */
  private record Row(
      String texts,
      int threads,
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
    if (!json()) {
      out()
          .println(
              "texts  threads  tokenising   f32 ms  bf16 ms   ORT ms  ORT/f32  ORT/bf16  cosine"
                  + " bf16  cosine ORT");
    }
    try (Embedder f32 = Embedder.open(ModelFiles.embedded(), DType.F32);
        Embedder bf16 = Embedder.open(ModelFiles.embedded(), DType.BF16)) {
      for (int threads : threads() > 0 ? new int[] {threads()} : new int[] {1, 2}) {
        Backend.threads(threads);
        try (OnnxRuntimeProcess onnx = new OnnxRuntimeProcess(threads)) {
          for (Texts texts : Texts.values()) {
            for (boolean tokenising : new boolean[] {true, false}) {
              Row row = row(texts, threads, tokenising, f32, bf16, onnx);
              rows.add(row);
              if (!json()) {
                print(row);
              }
            }
          }
        }
      }
    }
    if (json()) {
      printJson(rows);
    }
    return ExitStatus.OK;
  }

  private Row row(
      Texts kind,
      int threads,
      boolean tokenising,
      Embedder f32,
      Embedder bf16,
      OnnxRuntimeProcess onnx) {
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
        new Interleaved(seconds, seconds)
            .withPause(PAUSE)
            .time(List.of(heed.apply(f32), heed.apply(bf16), peer));
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

  private void print(Row row) {
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
    out().flush();
  }
}
