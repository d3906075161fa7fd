package dev.heed.cli;

import dev.heed.tensor.Backend;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every command shares: {@code --json}, {@code --threads}, {@code --debug}, {@code --help}.
 */
public abstract class HeedCommand implements Callable<Integer> {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** This command as picocli sees it: its name, its output streams. */
  @Spec protected @Nullable CommandSpec spec;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Processor threads to use (default: one for each core).")
  private int threads;

  @Option(names = "--debug", description = "Show the stack trace of an error.")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  /**
   * Runs the command.
   *
   * @return one of {@link ExitStatus}
   * @throws Exception as {@link ErrorPrinter} explains to the user
   */
  protected abstract int run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    if (threads < 0) {
      throw new ParameterException(
          spec().commandLine(), "--threads must be at least 1, got " + threads);
    }
    if (threads > 0) {
      Backend.threads(threads);
    }
    return run();
  }

  /** Whether the result is asked for as JSON. */
  protected final boolean json() {
    return json;
  }

  /** How many threads are asked for; 0 if the user did not say. */
  protected final int threads() {
    return threads;
  }

  /** Whether errors are to be shown with their stack trace. */
  final boolean debug() {
    return debug;
  }

  /** Where the result goes. */
  protected final PrintWriter out() {
    return spec().commandLine().getOut();
  }

  /** Where hints and progress go. */
  protected final PrintWriter err() {
    return spec().commandLine().getErr();
  }

  /** Prints a record, map or list as JSON. */
  protected final void printJson(Object value) {
    out().println(JSON.writeValueAsString(value));
    out().flush();
  }

  /** This command as picocli sees it; picocli sets it before the command runs. */
  protected final CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("a command runs only through picocli");
    }
    return spec;
  }
}
