package dev.heed.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
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
    err.println(command.getColorScheme().errorText("heed: " + error.getMessage()));
    UnmatchedArgumentException.printSuggestions(error, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitStatus.USAGE;
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    boolean explained = isExplained(error);
    String message = explained ? explain(error) : "a defect of Heed: " + error;
    err.println(command.getColorScheme().errorText("heed: " + message));
    boolean debug = command.getCommand() instanceof HeedCommand heed && heed.debug();
    if (debug) {
      error.printStackTrace(err);
    } else if (!explained) {
      err.println("Run it again with --debug and report what it prints.");
    }
    err.flush();
    return explained ? ExitStatus.BAD_INPUT : ExitStatus.INTERNAL;
  }

  private static boolean isExplained(Exception error) {
    return error instanceof IOException
        || error instanceof UncheckedIOException
        || error.getClass().getPackageName().startsWith("dev.heed.");
  }

  /** Messages of file errors hold only the path, so they get the missing words. */
  private static String explain(Exception error) {
    Throwable cause =
        error instanceof UncheckedIOException && error.getCause() != null
            ? error.getCause()
            : error;
    return switch (cause) {
      case NoSuchFileException e -> "no such file: " + e.getFile() + "; check the path";
      case FileNotFoundException e -> e.getMessage() + "; check the path";
      case AccessDeniedException e -> "may not be read: " + e.getFile() + "; check its permissions";
      default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
    };
  }
}
