package dev.heed.cli;

import dev.heed.tensor.Backend;
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
  private static final int USUAL_COLUMNS = 80;

  /** Narrower terminals get lines of this width. */
  private static final int FEWEST_COLUMNS = 20;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** This command as picocli sees it: its name, its output streams. */
  @Spec protected @Nullable CommandSpec spec;

  private @Nullable Output out;
  private @Nullable Output err;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Processor threads to use, from 1 (default: one for each core).")
  private @Nullable Integer threads;

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
    try {
      if (threads != null) {
        if (threads < 1) {
          throw new UsageException("--threads: expected 1 or more, got " + threads);
        }
        Backend.threads(threads);
      }
      return run();
    } catch (UsageException e) {
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether the result is asked for as JSON. */
  protected final boolean json() {
    return json;
  }

  /** How many threads are asked for; 0 if the user did not say. */
  protected final int threads() {
    return threads == null ? 0 : threads;
  }

  /** Whether errors are to be shown with their stack trace. */
  final boolean debug() {
    return debug;
  }

  /** Where the result goes. */
  protected final Output out() {
    if (out == null) {
      out = new Output(spec().commandLine().getOut());
    }
    return out;
  }

  /** Where hints and progress go. */
  protected final Output err() {
    if (err == null) {
      err = new Output(spec().commandLine().getErr());
    }
    return err;
  }

  /** How many columns the terminal has, as {@code COLUMNS} says; 80 if it does not. */
  protected static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9]\\d{0,3}")
        ? Math.max(FEWEST_COLUMNS, Integer.parseInt(columns))
        : USUAL_COLUMNS;
  }

  /** Whether results may be printed in colour. */
  protected final boolean colour() {
    return spec().commandLine().getColorScheme().ansi().enabled();
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
