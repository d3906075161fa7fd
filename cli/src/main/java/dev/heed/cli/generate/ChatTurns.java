package dev.heed.cli.generate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.Lines;
import dev.heed.cli.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the user says, turn by turn, as it comes. */
final class ChatTurns implements AutoCloseable {
  private final BufferedReader in;
  private final @Nullable Output asks;

  private ChatTurns(BufferedReader in, @Nullable Output asks) {
    this.in = in;
    this.asks = asks;
  }

  /** One turn. */
  static ChatTurns of(String text) {
    return new ChatTurns(new BufferedReader(new StringReader(text.replaceAll("\\R", " "))), null);
  }

  /** Lines that are there already. */
  static ChatTurns of(List<Lines.Line> lines) {
    String all = lines.stream().map(Lines.Line::text).collect(Collectors.joining("\n"));
    return new ChatTurns(new BufferedReader(new StringReader(all)), null);
  }

  /**
   * Those of standard input.
   *
   * @param asks where a terminal's user is asked for the next one, or null for nowhere
   */
  static ChatTurns ofStandardInput(@Nullable Output asks) {
    boolean watched = System.console() != null && System.console().isTerminal();
    return new ChatTurns(
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder())),
        watched ? asks : null);
  }

  /**
   * The next turn, or null after the last.
   *
   * @throws BadInputException if it cannot be read
   */
  @Nullable String next() {
    if (asks != null) {
      asks.print("> ");
      asks.flush();
    }
    try {
      return in.readLine();
    } catch (CharacterCodingException e) {
      throw new BadInputException("standard input: expected text in UTF-8, got other bytes");
    } catch (IOException e) {
      throw FileTrouble.of(null, "standard input", e);
    }
  }

  /** Leaves standard input open: it is not this command's alone. */
  @Override
  public void close() {}
}
