package dev.heed.cli.train;

import dev.heed.cli.BadInputException;
import dev.heed.cli.Heed;
import dev.heed.tensor.ProcessGroup;
import dev.heed.train.recipe.RecipeRun;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The processes that train together, of which this one may have started the others. */
final class Together implements AutoCloseable {
  private static final int SECONDS_TO_END = 30;

  private final ProcessGroup.@Nullable Place place;
  private final boolean sharing;
  private final List<Process> started = new ArrayList<>();
  private @Nullable Path temporary;
  private @Nullable ProcessGroup group;

  private Together(ProcessGroup.@Nullable Place place, boolean sharing) {
    this.place = place;
    this.sharing = sharing;
  }

  /** This process and no other. */
  static Together alone() {
    return new Together(null, false);
  }

  /** One that another process of this machine started. */
  static Together started(Path meeting, int rank, int count, boolean sharing) {
    return new Together(ProcessGroup.Place.local(meeting, rank, count), sharing);
  }

  /** One of several machines. */
  static Together remote(List<String> hosts, int port, int rank, boolean sharing) {
    return new Together(
        ProcessGroup.Place.remote(hosts.getFirst(), port, hosts.get(rank), rank, hosts.size()),
        sharing);
  }

  /**
   * Starts others on this machine; what they print goes to {@code process-1.log} and so on.
   *
   * @param folder where these lie
   */
  static Together starting(int count, CommandSpec command, Path folder, boolean sharing)
      throws IOException {
    Path temporary = Files.createTempDirectory("heed-train");
    Path meeting = temporary.resolve("meeting");
    Together together = new Together(ProcessGroup.Place.local(meeting, 0, count), sharing);
    together.temporary = temporary;
    Files.createDirectories(folder);
    try {
      for (int rank = 1; rank < count; rank++) {
        List<String> line = new ArrayList<>(ownJava());
        line.addAll(command.root().commandLine().getParseResult().originalArgs());
        line.addAll(List.of("--meeting", meeting.toString(), "--rank", String.valueOf(rank)));
        File log = folder.resolve("process-" + rank + ".log").toFile();
        together.started.add(
            new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log).start());
      }
      return together;
    } catch (IOException e) {
      together.close();
      throw e;
    }
  }

  /** How this process was started, up to its main class. */
  private static List<String> ownJava() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Heed.class.getName()));
    return line;
  }

  /** Whether this is the process that reports. */
  boolean isFirst() {
    return place == null || place.rank() == 0;
  }

  /** The run of all processes; waits until they are there. */
  RecipeRun of(RecipeRun run) {
    ProcessGroup.Place meeting = place;
    if (meeting == null) {
      return run;
    }
    ProcessGroup joined = join(meeting);
    group = joined;
    return run.together(joined, sharing);
  }

  /** One that ends before it has come is not waited for. */
  private ProcessGroup join(ProcessGroup.Place meeting) {
    CompletableFuture<ProcessGroup> joining =
        CompletableFuture.supplyAsync(
            () -> ProcessGroup.join(meeting), work -> Thread.ofPlatform().daemon().start(work));
    for (Process process : started) {
      process
          .onExit()
          .thenAccept(ended ->
              joining.completeExceptionally(
                  new BadInputException(
                      "--processes: expected "
                          + meeting.size()
                          + " processes, one ended with status "
                          + ended.exitValue()
                          + " before it began; see process-*.log in the output's folder")));
    }
    try {
      return joining.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own;
      }
      throw e;
    }
  }

  /** Leaves, and waits a little for those that this process started. */
  @Override
  public void close() {
    if (group != null) {
      group.close();
    }
    for (Process process : started) {
      try {
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    removeTemporary();
  }

  private void removeTemporary() {
    Path folder = temporary;
    if (folder != null) {
      try {
        Files.deleteIfExists(folder.resolve("meeting"));
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        // What is left is empty, and in the system's folder for temporary files.
        folder.toFile().deleteOnExit();
      }
    }
  }
}
