package dev.heed.bench.processes;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.tensor.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code heed bench processes}: what several processes at once cost each other. */
@Command(
    name = "processes",
    description =
        "Processes that train at once against one alone, with idle threads that sleep (Heed's"
            + " default) and that spin (the native libraries').",
    footer = "%nExample: heed bench processes --processes 2 --steps 100")
public final class ProcessesBench extends HeedCommand {
  @Option(
      names = "--processes",
      paramLabel = "N",
      description = "Processes at once (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  private int processes;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  private int steps;

  /**
   * Seconds.
   *
   * @param alone of one process
   * @param together of each process beside the others
   */
  record Row(double alone, List<Double> together) {
    double slowest() {
      return together.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
  }

  @Override
  protected int run() {
    requireAtLeastOne("--processes", processes);
    requireAtLeastOne("--steps", steps);
    Map<IdlePolicy, Row> rows = new EnumMap<>(IdlePolicy.class);
    for (IdlePolicy policy : IdlePolicy.values()) {
      rows.put(policy, new Row(seconds(policy, 1).getFirst(), seconds(policy, processes)));
    }
    if (json()) {
      printJson(
          Map.of(
              "threads", Backend.threads(), "processes", processes, "steps", steps, "rows", rows));
    } else {
      print(rows);
    }
    return ExitStatus.OK;
  }

  private void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec().commandLine(), option + ": expected 1 or more, got " + value);
    }
  }

  private List<Double> seconds(IdlePolicy policy, int count) {
    List<Process> running = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        running.add(start(policy));
      }
      List<Double> seconds = new ArrayList<>();
      for (Process process : running) {
        seconds.add(secondsOf(process));
      }
      return seconds;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      running.forEach(Process::destroyForcibly);
    }
  }

  private Process start(IdlePolicy policy) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            TrainingProcess.class.getName(),
            Integer.toString(steps),
            Integer.toString(Backend.threads()));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    policy.apply(builder.environment());
    return builder.start();
  }

  private static double secondsOf(Process process) throws IOException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new BadInputException(
            "a process of the benchmark ended with status " + process.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInputException("interrupted");
    }
    return Double.parseDouble(output.strip());
  }

  private void print(Map<IdlePolicy, Row> rows) {
    out().printf("seconds for %d training steps, %d thread(s) each%n", steps, Backend.threads());
    out().printf("%-14s %9s %9s  ratio%n", "idle threads", "alone", processes + " at once");
    rows.forEach((policy, row) ->
        out()
            .printf(
                Locale.ROOT,
                "%-14s %9.2f %9.2f  %.1f%n",
                policy.name().toLowerCase(Locale.ROOT),
                row.alone(),
                row.slowest(),
                row.slowest() / row.alone()));
    out().flush();
  }
}
