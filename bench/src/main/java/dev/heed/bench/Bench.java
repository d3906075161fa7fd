package dev.heed.bench;

import dev.heed.bench.attention.AttentionBench;
import dev.heed.bench.attention.WeightsBench;
import dev.heed.bench.embed.EmbedBench;
import dev.heed.bench.engine.EngineBench;
import dev.heed.bench.mechanisms.DecodeBench;
import dev.heed.bench.mechanisms.MechanismsBench;
import dev.heed.bench.processes.ProcessesBench;
import dev.heed.bench.train.TrainBench;
import dev.heed.cli.Heed;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code heed bench}: runs against peers in one process. */
@Command(
    name = "heed bench",
    description = "Measures Heed against its peers, side by side.",
    mixinStandardHelpOptions = true,
    footer = "%nExample: heed bench embed --seconds 1",
    subcommands = {
      AttentionBench.class,
      WeightsBench.class,
      EmbedBench.class,
      EngineBench.class,
      MechanismsBench.class,
      DecodeBench.class,
      ProcessesBench.class,
      TrainBench.class
    })
public final class Bench {
  private Bench() {}

  /** Runs the benchmark that the arguments name; the launcher's {@code bench} may precede them. */
  public static void main(String[] arguments) {
    boolean launched = arguments.length > 0 && arguments[0].equals("bench");
    System.exit(
        Heed.run(
            commandLine(),
            launched ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments));
  }

  /** The command with its benchmarks, as tests and {@link #main} run it. */
  public static CommandLine commandLine() {
    return Heed.commandLine(new Bench());
  }
}
