package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.fixture.OtherJvm;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.TensorScope;
import dev.heed.train.SharedRun.Part;
import dev.heed.train.optim.Share;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes train one model: what they make is what one makes, and none is lost quietly.
 */
@Tag("integration")
class SharedRunTest {
  private static final int UPDATES = 12;

  @TempDir Path folder;

  private Part part(String name, int count, String how, int updates) {
    return new Part(
        folder.resolve(name),
        folder.resolve(name + "-meeting-" + updates),
        count,
        how.equals("shares"),
        updates);
  }

  /** Starts as many processes as the largest run has; each takes part in those that count it. */
  private static List<Process> start(Part... parts) throws IOException {
    int most = Stream.of(parts).mapToInt(Part::count).max().orElseThrow();
    List<Process> processes = new ArrayList<>();
    for (int rank = 0; rank < most; rank++) {
      List<String> arguments = new ArrayList<>(List.of(String.valueOf(rank)));
      for (Part part : parts) {
        if (rank < part.count()) {
          arguments.addAll(part.words());
        }
      }
      processes.add(
          OtherJvm.start(
              List.of(),
              SharedRun.class,
              List.of("-XX:-UsePerfData", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
              arguments));
    }
    return processes;
  }

  private static void run(Part... parts) throws Exception {
    List<Process> processes = start(parts);
    for (int rank = 0; rank < processes.size(); rank++) {
      int own = rank;
      String output = OtherJvm.output(processes.get(rank));
      assertThat(output.lines().filter(SharedRun.DONE::equals))
          .as(output)
          .hasSize((int) Stream.of(parts).filter(part -> own < part.count()).count());
      assertThat(output).endsWith(SharedRun.DONE + System.lineSeparator());
      assertThat(processes.get(rank).waitFor()).as(output).isZero();
    }
  }

  private Path weights(String name, int updates) {
    return CheckpointFolder.at(folder.resolve(name), updates).resolve(TrainingCheckpoint.WEIGHTS);
  }

  private void assertSame(String name, String other, int updates, double tolerance) {
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile actual = SafetensorsFile.open(weights(name, updates));
        SafetensorsFile expected = SafetensorsFile.open(weights(other, updates))) {
      assertThat(actual.names()).isEqualTo(expected.names());
      for (String tensor : expected.names()) {
        TensorAssert.assertClose(
            tensor, actual.read(tensor), expected.read(tensor), Tolerance.ofScale(tolerance, 1));
      }
    }
  }

  @Test
  void two_and_three_processes_make_what_one_makes() throws Exception {
    SharedRun.train(folder.resolve("alone"), UPDATES, Share.ALL, null);
    run(part("two", 2, "whole", UPDATES), part("three", 3, "whole", UPDATES));
    assertSame("two", "alone", UPDATES, 1e-10);
    assertSame("three", "alone", UPDATES, 1e-10);
  }

  @Test
  void shares_of_the_optimiser_change_no_bit_and_are_read_by_any_number_of_processes()
      throws Exception {
    run(part("whole", 2, "whole", UPDATES), part("shares", 2, "shares", UPDATES));
    assertThat(CheckpointFolder.at(folder.resolve("shares"), UPDATES))
        .isDirectoryContaining(file -> file.endsWith("optimizer-00002-of-00002.safetensors"));
    assertSame("shares", "whole", UPDATES, 0);
    SharedRun.train(folder.resolve("whole"), UPDATES + 4, Share.ALL, null);
    SharedRun.train(folder.resolve("shares"), UPDATES + 4, Share.ALL, null);
    assertSame("shares", "whole", UPDATES + 4, 0);
    run(part("whole", 3, "shares", UPDATES + 8), part("shares", 3, "whole", UPDATES + 8));
    assertSame("shares", "whole", UPDATES + 8, 0);
  }

  /** Ends one of two processes after five updates; returns what the other says. */
  private String survivor(String name, int ended) throws Exception {
    List<Process> processes = start(part(name, 2, "whole", 1000));
    try (BufferedReader first =
        new BufferedReader(
            new InputStreamReader(processes.getFirst().getInputStream(), StandardCharsets.UTF_8))) {
      String line = first.readLine();
      while (line != null && !line.equals("5")) {
        line = first.readLine();
      }
      assertThat(line).isEqualTo("5");
      processes.get(ended).destroyForcibly();
      String said =
          ended == 0
              ? OtherJvm.output(processes.getLast())
              : first.lines().reduce("", (before, next) -> before + next + "\n");
      assertThat(processes.get(1 - ended).waitFor()).isZero();
      return said;
    }
  }

  @Test
  void a_lost_process_ends_the_run_with_a_reason_and_a_checkpoint() throws Exception {
    for (int ended : List.of(0, 1)) {
      String name = "lost" + ended;
      assertThat(survivor(name, ended))
          .contains("expected 2 processes, lost one; go on from the newest checkpoint in ")
          .contains("by starting all of them again");
      long saved = CheckpointFolder.updates(folder.resolve(name)).getLast();
      assertThat(saved).isGreaterThanOrEqualTo(5);
      // it goes on as if nothing had been
      int end = (int) saved + 3;
      run(part(name, 2, "whole", end), part("kept" + ended, 2, "whole", end));
      assertSame(name, "kept" + ended, end, 0);
    }
  }
}
