package dev.heed.cli;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Whether this JVM could read the command line.
 *
 * <p>It decodes arguments by the locale. In the POSIX locale of containers and services each byte
 * beyond ASCII becomes U+FFFD, and a model would read another text than was given; {@code ./heed}
 * sets a locale of UTF-8 there.
 */
final class ArgumentEncoding {
  private static final char REPLACEMENT = '\uFFFD';

  private ArgumentEncoding() {}

  /**
   * Refuses arguments that were lost.
   *
   * @throws ParameterException if one holds U+FFFD and the JVM's encoding cannot have meant it
   */
  static void check(CommandLine command, String... arguments) {
    check(command, System.getProperty("sun.jnu.encoding", "UTF-8"), List.of(arguments));
  }

  static void check(CommandLine command, String encoding, List<String> arguments) {
    if (Charset.isSupported(encoding) && Charset.forName(encoding).equals(StandardCharsets.UTF_8)) {
      return;
    }
    for (String argument : arguments) {
      if (argument.indexOf(REPLACEMENT) >= 0) {
        throw new ParameterException(
            command,
            "expected arguments in "
                + encoding
                + ", as the locale says, got other bytes in \""
                + argument
                + "\": set LC_ALL=C.UTF-8");
      }
    }
  }
}
