package dev.heed.cli;

import dev.heed.tensor.DType;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** The {@code heed} command: finds the sub-command and turns its outcome into an exit code. */
@Command(
    name = "heed",
    description = {
      "Attention for the JVM: see what every head of a real model attends to, turn texts into"
          + " vectors, and try every attention mechanism.",
      "",
      "First steps:",
      "  heed look \"The animal didn't cross the street because it was too tired.\"",
      "      what \"it\" attends to; --html look.html keeps a page, --png a picture",
      "  heed similar \"Where can I park?\" --file faq.txt",
      "      the lines of a file that mean most nearly the same",
      "  heed mechanisms show sliding-window",
      "      one of many attention mechanisms: idea, formula, cost, and what it does",
      "  heed doctor",
      "      what this machine offers, and what to do about what is missing",
      "",
      "Commands and options; `heed help COMMAND` says more of one:"
    },
    mixinStandardHelpOptions = true,
    versionProvider = HeedVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "1:a check did not hold",
      "2:the command line was wrong",
      "3:a file or text could not be read or written",
      "4:a defect of Heed"
    })
public final class Heed implements Runnable {
  /** The parser cannot set help in less. */
  private static final int NARROWEST_HELP = 55;

  private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

  static {
    EXIT_CODES.put("0", "it worked");
    EXIT_CODES.put("1", "a check did not hold, or one item of many failed");
    EXIT_CODES.put("2", "the command line was wrong");
    EXIT_CODES.put("3", "a file, text or model could not be used");
    EXIT_CODES.put("4", "a defect of Heed");
  }

  @Spec private @Nullable CommandSpec spec;

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(commandFor(arguments), arguments));
  }

  /**
   * Runs a command line on the process's own streams.
   *
   * @param command from {@link #commandLine(Object)}
   * @return the exit code
   */
  public static int run(CommandLine command, String... arguments) {
    StandardError.restore();
    command
        .setOut(new PrintWriter(new StandardOutput(), true))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    if ("dumb".equals(System.getenv("TERM"))) {
      command.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
    }
    try {
      ArgumentEncoding.check(command, arguments);
      int exit = command.execute(arguments);
      command.getOut().flush();
      return exit;
    } catch (StandardOutput.Failure e) {
      return new ErrorPrinter().handleExecutionException(e, command, null);
    } catch (ParameterException e) {
      return new ErrorPrinter().handleParseException(e, arguments);
    }
  }

  /** The command with all its sub-commands. */
  public static CommandLine commandLine() {
    return with(Commands.ALL);
  }

  /** The command with those sub-commands that a line needs; all where it names none. */
  static CommandLine commandFor(String... arguments) {
    return with(Commands.neededFor(arguments));
  }

  /** Any command with the manners of this one: how it reports errors, its exit codes. */
  public static CommandLine commandLine(Object command) {
    return withManners(new CommandLine(command));
  }

  private static CommandLine with(Map<String, Class<?>> commands) {
    CommandLine heed = new CommandLine(new Heed());
    commands.forEach(heed::addSubcommand);
    return withExitCodes(withManners(heed));
  }

  /** Applies to the sub-commands that are there. */
  private static CommandLine withManners(CommandLine command) {
    ErrorPrinter errors = new ErrorPrinter();
    return command
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setExecutionStrategy(Heed::execute)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .registerConverter(Integer.class, WholeNumber::of)
        .registerConverter(int.class, WholeNumber::of)
        .registerConverter(DType.class, FloatingType::of)
        .setUsageHelpWidth(Math.max(NARROWEST_HELP, HeedCommand.columns()));
  }

  /** Every command's help tells the exit codes, its own where it has any. */
  private static CommandLine withExitCodes(CommandLine command) {
    for (CommandLine each : command.getSubcommands().values()) {
      CommandLine.Model.UsageMessageSpec help = each.getCommandSpec().usageMessage();
      if (help.exitCodeList().isEmpty()) {
        help.exitCodeListHeading("%nExit codes:%n");
        help.exitCodeList(EXIT_CODES);
      }
      withExitCodes(each);
    }
    return command;
  }

  /** What picocli itself prints, help for example, may find the disk full as well. */
  private static int execute(ParseResult parsed) {
    if (parsed.subcommand() == null && !parsed.unmatched().isEmpty()) {
      // With --help the parser lets pass what it does not know.
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          UsageMessage.unknownCommand(
              parsed.unmatched().getFirst(), parsed.commandSpec().commandLine()));
    }
    try {
      return new RunLast().execute(parsed);
    } catch (StandardOutput.Failure e) {
      throw new ExecutionException(parsed.commandSpec().commandLine(), "output failed", e);
    }
  }

  @Override
  public void run() {
    if (spec == null) {
      throw new IllegalStateException("a command runs only through picocli");
    }
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
