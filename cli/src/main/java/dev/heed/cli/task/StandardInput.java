package dev.heed.cli.task;

import dev.heed.cli.FileTrouble;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What standard input holds; it is read once and kept, since it comes but once. */
final class StandardInput {
  private byte @Nullable [] bytes;

  /**
   * All of it.
   *
   * @throws dev.heed.cli.BadInputException if it cannot be read
   */
  byte[] bytes() {
    byte[] read = bytes;
    if (read == null) {
      try {
        read = System.in.readAllBytes();
      } catch (IOException e) {
        throw FileTrouble.of(null, "standard input", e);
      }
      bytes = read;
    }
    return read;
  }
}
