package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.OtherJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is lost: a run that is killed, or finds no room on the disk, ends as one that is not. */
@SuppressWarnings("NullAway.Init") // by JUnit
class KilledRunTest {
  /** What a run leaves that nothing stops. */
  @TempDir static Path through;

  @TempDir Path folder;

  @BeforeAll
  static void runThrough() throws Exception {
    runToTheEnd(through);
  }

  private static Process start(Path into, String... before) throws IOException {
    return OtherJvm.start(
        List.of(before),
        KilledRun.class,
        List.of("-XX:-UsePerfData", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        List.of(into.toString()));
  }

  private static void runToTheEnd(Path into) throws IOException, InterruptedException {
    Process process = start(into);
    String output = OtherJvm.output(process);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).endsWith(KilledRun.DONE + System.lineSeparator());
  }

  /** Kills the process a little after it has made so many updates; returns whether it was alive. */
  private static boolean killAfter(Process process, int updates, long nanos) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int seen = 0; seen < updates; seen++) {
        if (lines.readLine() == null) {
          return false;
        }
      }
      long until = System.nanoTime() + nanos;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      boolean alive = process.isAlive();
      process.destroyForcibly();
      return alive;
    }
  }

  private void killAtRandom(int kills, long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    int killed = 0;
    for (int round = 0; killed < kills; round++) {
      Path parts = folder.resolve("parts" + round);
      boolean unfinished = true;
      while (unfinished && killed < kills) {
        Process process = start(parts);
        unfinished = killAfter(process, 1 + random.nextInt(15), random.nextLong(40_000_000));
        process.waitFor();
        killed += unfinished ? 1 : 0;
      }
      runToTheEnd(parts);
      TrainerTest.assertSameFolders(parts, through);
    }
  }

  @Test
  @Tag("integration")
  void a_run_killed_at_random_moments_ends_as_one_that_was_not() throws Exception {
    killAtRandom(3, 1);
  }

  @Test
  @Tag("soak")
  void a_run_killed_many_times_ends_as_one_that_was_not() throws Exception {
    // Each kill starts a virtual machine anew: -Dheed.kills=100 takes a quarter of an hour.
    killAtRandom(Integer.getInteger("heed.kills", 6), 2);
  }

  @Test
  @Tag("integration")
  void a_full_disk_ends_the_run_with_a_reason_and_harms_no_checkpoint() throws Exception {
    Path parts = folder.resolve("parts");
    Process first = start(parts);
    assertThat(killAfter(first, 7, 0)).isTrue();
    first.waitFor();
    // no file may grow beyond four blocks: what a full disk does to the optimiser's state
    Process full = start(parts, "sh", "-c", "ulimit -f 4; exec \"$@\"", "sh");
    String output = OtherJvm.output(full);
    assertThat(full.waitFor()).isNotZero();
    assertThat(output)
        .contains("CheckpointException")
        .contains("Check its permissions and the free space");
    assertThat(CheckpointFolder.updates(parts)).isNotEmpty();
    try (var files = Files.list(parts)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".staged"));
    }
    runToTheEnd(parts);
    TrainerTest.assertSameFolders(parts, through);
  }
}
