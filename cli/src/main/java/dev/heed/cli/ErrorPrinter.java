package dev.heed.cli;

import dev.heed.checkpoint.VisibleText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells the user what went wrong, in one message without a stack trace.
 *
 * <p>Heed's own exceptions and those of files carry a message for the user and exit with {@link
 * ExitStatus#BAD_INPUT}; any other is a defect of Heed and exits with {@link ExitStatus#INTERNAL}.
 */
final class ErrorPrinter implements IExecutionExceptionHandler, IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    print(UsageMessage.of(error), command);
    if (!UsageMessage.isUnknownCommand(error)) {
      UnmatchedArgumentException.printSuggestions(error, err);
    }
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitStatus.USAGE;
  }

  @Override
  public int handleExecutionException(
      Exception error, CommandLine command, @Nullable ParseResult parsed) {
    if (error instanceof StandardOutput.Failure failure && failure.isClosedPipe()) {
      return ExitStatus.BAD_INPUT;
    }
    PrintWriter err = command.getErr();
    boolean explained = isExplained(error);
    String message = explained ? explain(error) : "a defect of Heed: " + error;
    print(message, command);
    boolean debug = command.getCommand() instanceof HeedCommand heed && heed.debug();
    if (debug) {
      error.printStackTrace(new Output(err));
    } else if (!explained) {
      err.println("Run it again with --debug and report what it prints.");
    }
    err.flush();
    return explained ? ExitStatus.BAD_INPUT : ExitStatus.INTERNAL;
  }

  /** A message may hold what came from files and options. */
  private static void print(String message, CommandLine command) {
    String visible = VisibleText.lines("heed: " + message);
    command.getErr().println(command.getColorScheme().errorText(visible));
  }

  private static boolean isExplained(Exception error) {
    return error instanceof IOException
        || error instanceof UncheckedIOException
        || error.getClass().getPackageName().startsWith("dev.heed.");
  }

  private static String explain(Exception error) {
    return switch (error) {
      case StandardOutput.Failure e -> String.valueOf(e.getMessage());
      case UncheckedIOException e when e.getCause() != null -> FileTrouble.explain(e.getCause());
      case IOException e -> FileTrouble.explain(e);
      default -> error.getMessage() == null ? error.toString() : error.getMessage();
    };
  }
}
