package dev.heed.cli.evaluate;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The one file of references that most measures take. */
final class ReferenceOption {
  static final String NAME = "--references";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      required = true,
      description = "What is right, in the same order or under the same names.")
  private Path file = Path.of("");

  Path file() {
    return file;
  }
}
