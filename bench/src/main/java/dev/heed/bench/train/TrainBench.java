package dev.heed.bench.train;

import dev.heed.bench.attention.PeakMemory;
import dev.heed.bench.train.EncoderShape.Task;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.UsageException;
import dev.heed.tensor.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times a step of training against LibTorch's own modules, interleaved in one run. */
@Command(
    name = "train",
    description = {
      "A step of training against LibTorch's own modules, interleaved in one run.",
      "",
      "An encoder of all-MiniLM-L6-v2's shape with a vocabulary of 8192 learns classes, or every"
          + " seventh word: forward, backward, clipping and AdamW, in f32, without dropout."
          + " LibTorch: TransformerEncoder, clip_grad_norm_ and AdamW, each operation on all"
          + " threads. Heed: a BERT by its trainer, a part of the batch on each thread; it computes"
          + " what the classifier reads of the last layer, and the scores of words that count. The"
          + " ratio is that of processor times, turn by turn. Memory is how far the process's peak"
          + " rises in a step."
    },
    footer = "%nExample: heed bench train --seconds 10")
public final class TrainBench extends HeedCommand {
  private static final double GOAL = 1.2;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for each row, after as long to warm up (default: ${DEFAULT-VALUE}).",
      defaultValue = "10")
  private double seconds;

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "BxT",
      description = "Texts and tokens of each (default: ${DEFAULT-VALUE}).",
      defaultValue = "16x32,16x128,4x512")
  private List<String> batches = List.of();

  @Option(
      names = "--task",
      split = ",",
      paramLabel = "TASK",
      description = "What is learned: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "classes,words")
  private List<Task> tasks = List.of();

  /**
   * One size.
   *
   * @param task of {@link Task}, in lower case
   * @param turns times of both
   * @param heedBytes of a step
   * @param libTorchBytes of a step
   */
  private record Row(
      String batch,
      String task,
      int threads,
      Turns turns,
      double heedBytes,
      double libTorchBytes) {}

  private record Report(long parameters, List<Row> rows) {}

  @Override
  protected int run() {
    int threads = threads() > 0 ? threads() : Runtime.getRuntime().availableProcessors();
    Backend.threads(threads);
    List<Row> rows = new ArrayList<>();
    long parameters = 0;
    for (EncoderShape shape : shapes()) {
      int parts = Math.min(threads, shape.batch());
      if (shape.batch() % parts != 0) {
        throw new UsageException("--batch: expected texts by the thread, got " + size(shape));
      }
      try (HeedContestant heed = new HeedContestant(shape, parts)) {
        LibTorchContestant libTorch = new LibTorchContestant(shape);
        parameters = heed.parameters();
        rows.add(row(shape, threads, heed, libTorch));
      }
    }
    Report report = new Report(parameters, rows);
    if (json()) {
      printJson(report);
    } else {
      print(report);
    }
    return ExitStatus.OK;
  }

  private List<EncoderShape> shapes() {
    return tasks.stream()
        .flatMap(task -> batches.stream().map(batch -> shape(batch, task)))
        .toList();
  }

  private static String size(EncoderShape shape) {
    return shape.batch() + "x" + shape.length();
  }

  private static EncoderShape shape(String batch, Task task) {
    if (!batch.matches("[1-9]\\d{0,3}x[1-9]\\d{0,3}")) {
      throw new UsageException("--batch: expected texts x tokens, such as 16x32, got " + batch);
    }
    String[] sizes = batch.split("x", -1);
    return EncoderShape.miniLm(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), task);
  }

  private Row row(
      EncoderShape shape, int threads, HeedContestant heed, LibTorchContestant libTorch) {
    return new Row(
        size(shape),
        shape.task().name().toLowerCase(Locale.ROOT),
        threads,
        Turns.take(heed, libTorch, seconds),
        PeakMemory.during(heed),
        PeakMemory.during(libTorch));
  }

  private void print(Report report) {
    out().printf(Locale.ROOT, "%,d parameters%n%n", report.parameters());
    out()
        .println(
            "batch    task     threads  Heed ms  LibTorch ms  processor ms        ratio  quartiles "
                + "   goal  Heed MB  LibTorch MB");
    for (Row row : report.rows()) {
      Turns turns = row.turns();
      out()
          .printf(
              Locale.ROOT,
              "%-7s  %-7s  %7d  %7.0f  %11.0f  %6.0f %5.0f  %10.2fx  %.2f - %.2f  %4.2fx  %7.0f"
                  + "  %11.0f%n",
              row.batch(),
              row.task(),
              row.threads(),
              turns.heed().median(),
              turns.libTorch().median(),
              turns.heedProcessor().median(),
              turns.libTorchProcessor().median(),
              turns.ratio().median(),
              turns.ratio().low(),
              turns.ratio().high(),
              GOAL,
              row.heedBytes() / 1e6,
              row.libTorchBytes() / 1e6);
    }
    out().flush();
  }
}
