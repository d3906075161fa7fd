package dev.heed.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;

/**
 * Standard error, UTF-8 everywhere, where the launcher put it.
 *
 * <p>The JVM announces the incubating Vector API on descriptor 2 before any class of ours runs, and
 * cannot be told not to. So {@code ./heed} filters descriptor 2, and hands the true standard error
 * over as the descriptor that {@code -Dheed.stderr} names: what is written there neither waits for
 * the filter nor is lost with it.
 */
final class StandardError {
  private static final String PROPERTY = "heed.stderr";

  private StandardError() {}

  /** Makes {@link System#err} the true standard error. */
  static void restore() {
    Integer descriptor = Integer.getInteger(PROPERTY);
    if (descriptor == null) {
      return;
    }
    try {
      Constructor<FileDescriptor> byNumber = FileDescriptor.class.getDeclaredConstructor(int.class);
      byNumber.setAccessible(true);
      System.setErr(
          new PrintStream(
              new FileOutputStream(byNumber.newInstance(descriptor)),
              true,
              StandardCharsets.UTF_8));
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.err.println("heed: standard error goes through a filter: " + e.getMessage());
    }
  }
}
