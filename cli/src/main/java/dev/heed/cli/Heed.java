package dev.heed.cli;

import dev.heed.cli.doctor.DoctorCommand;
import dev.heed.cli.inspect.InspectCommand;
import dev.heed.cli.mechanisms.MechanismsCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code heed} command: finds the sub-command and turns its outcome into an exit code. */
@Command(
    name = "heed",
    description = "Attention, made visible.",
    mixinStandardHelpOptions = true,
    versionProvider = HeedVersion.class,
    subcommands = {DoctorCommand.class, InspectCommand.class, MechanismsCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "1:a check did not hold",
      "2:the command line was wrong",
      "3:a file or text could not be used",
      "4:a defect of Heed"
    },
    footer = {
      "",
      "Example:",
      "  heed look \"The animal didn't cross the street because it was too tired.\""
    })
public final class Heed implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    CommandLine heed =
        commandLine()
            .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(heed.execute(arguments));
  }

  /** The command with all its sub-commands, as tests and {@link #main} run it. */
  public static CommandLine commandLine() {
    ErrorPrinter errors = new ErrorPrinter();
    return new CommandLine(new Heed())
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpAutoWidth(true);
  }

  @Override
  public void run() {
    if (spec == null) {
      throw new IllegalStateException("a command runs only through picocli");
    }
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
