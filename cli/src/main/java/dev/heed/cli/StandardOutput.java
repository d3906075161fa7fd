package dev.heed.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Standard output, UTF-8 everywhere, of which a failure is an exception.
 *
 * <p>{@link System#out} and {@link PrintWriter} keep failures to themselves, so that a command
 * would go on for hours after the disk is full or the reader of a pipe has gone.
 */
final class StandardOutput extends Writer {
  private final Writer out;

  StandardOutput() {
    this(new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
  }

  StandardOutput(Writer out) {
    this.out = out;
  }

  /** Standard output could not be written. */
  static final class Failure extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    Failure(IOException cause) {
      super("standard output: " + cause.getMessage(), cause);
    }

    /** Whether whoever read the output has enough of it, as {@code head} has: no error to them. */
    boolean isClosedPipe() {
      String message = String.valueOf(getMessage()).toLowerCase(Locale.ROOT);
      return message.contains("broken pipe") || message.contains("pipe is being closed");
    }
  }

  @Override
  public void write(char[] text, int from, int length) {
    try {
      out.write(text, from, length);
    } catch (IOException e) {
      throw new Failure(e);
    }
  }

  @Override
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new Failure(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new Failure(e);
    }
  }
}
