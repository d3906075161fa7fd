package dev.heed.cli.evaluate;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.ItemTrouble;
import dev.heed.cli.ModelOption;
import dev.heed.cli.Output;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A data set and the model that is asked about it: a mixin of {@code DATA} and {@code --model}. */
final class ModelData {
  @Parameters(paramLabel = "DATA", arity = "0..1", description = "The examples; .gz is unpacked.")
  private @Nullable Path data;

  @Option(names = "--model", paramLabel = "DIR", description = "The checkpoint that is asked.")
  private @Nullable Path model;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, bf16 or f16 (default: as stored).")
  private @Nullable DType dtype;

  @Option(names = "--limit", paramLabel = "N", description = "Take the first N examples.")
  private @Nullable Integer limit;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "How many examples are worked on together (default: ${DEFAULT-VALUE}).")
  private int batch = 16;

  private int failed;
  private long cut;

  /** Whether the user gave either. */
  boolean isGiven() {
    return data != null || model != null;
  }

  /** The examples' file. */
  Path data() {
    if (data == null) {
      throw new UsageException("DATA: expected a file of examples, got none");
    }
    return data;
  }

  /** The model's files. */
  ModelFiles files() {
    if (model == null) {
      throw new UsageException("Missing required option: '--model=DIR'");
    }
    return ModelOption.files("--model", model);
  }

  /** Whether the user named a model. */
  boolean isNamed() {
    return model != null;
  }

  @Nullable DType dtype() {
    return dtype;
  }

  /** The first of them, as many as the user wants. */
  <E> List<E> limited(List<E> examples) {
    if (batch < 1 || (limit != null && limit < 1)) {
      throw new UsageException(
          "--batch, --limit: expected 1 or more, got " + batch + " and " + limit);
    }
    return limit == null ? examples : examples.subList(0, Math.min(limit, examples.size()));
  }

  /**
   * Asks about all examples; one that fails is told, counted, and has an answer that is wrong.
   *
   * @param ask about several together
   * @param wrong the answer for one that failed
   */
  <E, R> List<R> answers(
      String name, List<E> examples, Function<List<E>, List<R>> ask, R wrong, Output err) {
    List<R> all = new ArrayList<>();
    try (Progress progress = new Progress(name, examples.size())) {
      for (int from = 0; from < examples.size(); from += batch) {
        List<E> part = examples.subList(from, Math.min(examples.size(), from + batch));
        all.addAll(part(part, ask, wrong, from, err));
        progress.accept(from + part.size());
      }
    }
    return all;
  }

  private <E, R> List<R> part(
      List<E> part, Function<List<E>, List<R>> ask, R wrong, int from, Output err) {
    try {
      return ask.apply(part);
    } catch (RuntimeException e) {
      String message = ItemTrouble.explain(e);
      if (part.size() > 1) {
        List<R> each = new ArrayList<>();
        for (int i = 0; i < part.size(); i++) {
          each.addAll(part(List.of(part.get(i)), ask, wrong, from + i, err));
        }
        return each;
      }
      failed++;
      err.println("heed: example " + (from + 1) + ": " + message);
      return List.of(wrong);
    }
  }

  /** Counts examples of which the model read only the beginning. */
  void countCut(long more) {
    cut += more;
  }

  /** What does not belong to the measure: how many examples failed, and how many were cut. */
  Map<String, Double> further() {
    Map<String, Double> further = new LinkedHashMap<>();
    if (failed > 0) {
      further.put("failed", (double) failed);
    }
    if (cut > 0) {
      further.put("cut", (double) cut);
    }
    return further;
  }

  /** The exit code: whether all examples were answered. */
  int status() {
    return failed == 0 ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }
}
