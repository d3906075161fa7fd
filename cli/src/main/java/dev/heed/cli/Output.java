package dev.heed.cli;

import dev.heed.checkpoint.VisibleText;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints.
 *
 * <p>Numbers look the same in every locale. What is printed here is escaped as {@link VisibleText}
 * says, so that no file, name or option can send commands to the terminal; only {@link #styled}
 * lets colours through.
 */
public final class Output extends PrintWriter {
  private final PrintWriter terminal;

  /** Prints to what picocli or a test gave; lines are flushed as they end. */
  Output(PrintWriter terminal) {
    super(new Escaping(terminal), true);
    this.terminal = terminal;
  }

  /** Writes visible text only. */
  private static final class Escaping extends FilterWriter {
    Escaping(Writer out) {
      super(out);
    }

    @Override
    public void write(int c) throws IOException {
      out.write(VisibleText.lines(String.valueOf((char) c)));
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      out.write(VisibleText.lines(new String(text, from, length)));
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      out.write(VisibleText.lines(text.substring(from, from + length)));
    }
  }

  @Override
  public Output printf(String format, @Nullable Object... values) {
    super.format(Locale.ROOT, format, values);
    return this;
  }

  @Override
  public Output format(String format, @Nullable Object... values) {
    return printf(format, values);
  }

  /**
   * Prints text of Heed's own making with its colours.
   *
   * @param text in which everything foreign is escaped already
   */
  public void styled(String text) {
    terminal.print(text);
  }
}
