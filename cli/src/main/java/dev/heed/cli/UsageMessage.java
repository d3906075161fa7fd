package dev.heed.cli;

import dev.heed.nn.ClosestNames;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in the words of this command rather than of its parser. */
final class UsageMessage {
  private UsageMessage() {}

  static String of(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
      return String.valueOf(error.getMessage());
    }
    String first = unmatched.getUnmatched().getFirst();
    if (isUnknownCommand(error)) {
      return unknownCommand(first, error.getCommandLine());
    }
    return "expected no more arguments, got '"
        + first
        + "'; put a text of several words into quotes";
  }

  /** Whether the first word names a command that there is not. */
  static boolean isUnknownCommand(ParameterException error) {
    return error instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && !error.getCommandLine().getSubcommands().isEmpty();
  }

  /** Says so, with the closest names. */
  static String unknownCommand(String name, CommandLine command) {
    Set<String> names = command.getSubcommands().keySet();
    List<String> close = ClosestNames.to(name, names);
    return "no command is called "
        + name
        + (close.isEmpty()
            ? "; there are " + String.join(", ", names)
            : "; did you mean " + String.join(" or ", close) + "?");
  }
}
