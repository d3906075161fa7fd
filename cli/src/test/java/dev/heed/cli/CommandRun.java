package dev.heed.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * One run of the command line, as a test sees it.
 *
 * @param exit its exit code
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
public record CommandRun(int exit, String out, String err) {

  /** Runs {@code heed} with these arguments in this process. */
  public static CommandRun heed(String... arguments) {
    return run(Heed.commandFor(arguments), arguments);
  }

  /** Runs a command line in this process. */
  static CommandRun run(CommandLine command, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        command
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new CommandRun(exit, out.toString(), err.toString());
  }
}
