package dev.heed.text.decoder;

import dev.heed.text.align.ByteAlphabet;
import dev.heed.text.align.CodePoints;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Puts tokens together to text as transformers' Python tokenizers do ({@code
 * convert_tokens_to_string}). Stateless.
 */
public interface TokenText {
  /**
   * The text of tokens.
   *
   * @param tokens spellings, special tokens among them; not empty
   */
  String text(List<String> tokens);

  /** The bytes that a token stands for behind another one. */
  default byte[] bytes(String token) {
    String once = text(List.of(token));
    String twice = text(List.of(token, token));
    return (twice.startsWith(once) ? twice.substring(once.length()) : once)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Without the white space at its ends, as Python's {@code str.strip}. */
  static String stripped(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && CodePoints.isPythonSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && CodePoints.isPythonSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** WordPiece: spaces between tokens, but none before those that begin with {@code ##}. */
  record Words() implements TokenText {
    @Override
    public String text(List<String> tokens) {
      return stripped(String.join(" ", tokens).replace(" ##", ""));
    }
  }

  /** Tokens one after another, with spaces where they have a mark, and none at the ends. */
  record Marked(String mark) implements TokenText {
    @Override
    public String text(List<String> tokens) {
      return stripped(String.join("", tokens).replace(mark, " "));
    }
  }

  /** Tokens of {@link ByteAlphabet}. */
  record Bytes() implements TokenText {
    private static final Decoder.ByteLevel BYTES = new Decoder.ByteLevel();

    @Override
    public String text(List<String> tokens) {
      return String.join("", BYTES.decode(tokens));
    }

    @Override
    public byte[] bytes(String token) {
      return BYTES.bytes(token);
    }
  }

  /** Tokens of {@link ByteAlphabet}, with a mark at the end of words. */
  record MarkedBytes(String mark) implements TokenText {
    @Override
    public String text(List<String> tokens) {
      return stripped(new Bytes().text(tokens).replace(mark, " "));
    }
  }

  /** Spaces between tokens. */
  record Spaced() implements TokenText {
    @Override
    public String text(List<String> tokens) {
      return String.join(" ", tokens);
    }
  }

  /**
   * Connectionist temporal classification (Graves et al. 2006): repetitions count once, and padding
   * stands between letters that are there twice.
   *
   * @param padding the token for nothing
   * @param delimiter the token between words
   * @param lower whether the text is lower-cased
   */
  record Letters(String padding, String delimiter, boolean lower) implements TokenText {
    @Override
    public String text(List<String> tokens) {
      StringBuilder text = new StringBuilder();
      String last = "";
      for (String token : tokens) {
        if (!token.equals(last) && !token.equals(padding)) {
          text.append(token.equals(delimiter) ? " " : token);
        }
        last = token;
      }
      String stripped = stripped(text.toString());
      return lower ? stripped.toLowerCase(Locale.ROOT) : stripped;
    }

    @Override
    public byte[] bytes(String token) {
      String letter = token.equals(delimiter) ? " " : token.equals(padding) ? "" : token;
      return (lower ? letter.toLowerCase(Locale.ROOT) : letter).getBytes(StandardCharsets.UTF_8);
    }
  }
}
