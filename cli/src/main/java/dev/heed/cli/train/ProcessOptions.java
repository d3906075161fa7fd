package dev.heed.cli.train;

import dev.heed.cli.UsageException;
import dev.heed.tensor.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which processes train together. */
final class ProcessOptions {
  private static final int PORT = 29_400;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description = "Train in N processes on this machine (default: 1).")
  private int processes = 1;

  @Option(
      names = "--hosts",
      paramLabel = "HOST",
      split = ",",
      description =
          "Train together with other machines, each given here and each running this command with"
              + " its own --rank; in a trusted network only.")
  private List<String> hosts = List.of();

  @Option(
      names = "--rank",
      paramLabel = "N",
      description = "Which of --hosts this is, from 0; the first one writes the model.")
  private @Nullable Integer rank;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Where the first host listens (default: 29400).")
  private int port = PORT;

  @Option(
      names = "--shard-optimizer",
      description = "Let each process keep a share of the optimiser's state, to save memory.")
  private boolean sharing;

  @Option(names = "--meeting", hidden = true)
  private @Nullable Path meeting;

  /**
   * Starts or meets the others.
   *
   * @param command this process' own, which others are started with
   * @param folder where others write what they print
   * @param threads that the user asked for, or 0
   */
  Together start(CommandSpec command, Path folder, int threads) throws IOException {
    if (!hosts.isEmpty()) {
      return remote();
    }
    if (rank != null && meeting == null) {
      throw new UsageException("--rank: expected --hosts beside it");
    }
    if (processes < 1) {
      throw new UsageException("--processes: expected 1 or more, got " + processes);
    }
    if (processes == 1) {
      if (sharing) {
        throw new UsageException("--shard-optimizer: expected --processes or --hosts beside it");
      }
      return Together.alone();
    }
    if (threads == 0) {
      Backend.threads(Math.max(1, Backend.threads() / processes));
    }
    return meeting == null
        ? Together.starting(processes, command, folder, sharing)
        : Together.started(meeting, rank == null ? 0 : rank, processes, sharing);
  }

  private Together remote() {
    Integer own = rank;
    if (processes != 1) {
      throw new UsageException("--processes: expected none beside --hosts, got " + processes);
    }
    if (own == null || own < 0 || own >= hosts.size()) {
      throw new UsageException(
          "--rank: expected one of "
              + IntStream.range(0, hosts.size()).boxed().toList()
              + " for "
              + hosts
              + ", got "
              + own);
    }
    if (port < 1 || port > 65_535) {
      throw new UsageException("--port: expected one from 1 to 65535, got " + port);
    }
    return Together.remote(hosts, port, own, sharing);
  }
}
