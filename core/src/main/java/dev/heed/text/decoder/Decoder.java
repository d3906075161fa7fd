package dev.heed.text.decoder;

import dev.heed.text.align.ByteAlphabet;
import dev.heed.text.align.LossyUtf8;
import dev.heed.text.pattern.TextPattern;
import dev.heed.text.subword.BytePieces;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns the spellings of pieces into stretches of text, which are then put together. Stateless. */
public sealed interface Decoder {
  /**
   * Decodes.
   *
   * @param pieces the spellings, in order
   * @return stretches of text, not always as many
   */
  List<String> decode(List<String> pieces);

  /**
   * The bytes that a piece stands for behind another one.
   *
   * @param piece its spelling
   */
  default byte[] bytes(String piece) {
    String once = String.join("", decode(List.of(piece)));
    String twice = String.join("", decode(List.of(piece, piece)));
    return (twice.startsWith(once) ? twice.substring(once.length()) : once)
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Decoders one after another.
   *
   * @param steps in the order in which they are applied
   */
  record Sequence(List<Decoder> steps) implements Decoder {
    /** Copies the list. */
    public Sequence {
      steps = List.copyOf(steps);
    }

    @Override
    public List<String> decode(List<String> pieces) {
      List<String> result = pieces;
      for (Decoder step : steps) {
        result = step.decode(result);
      }
      return result;
    }

    @Override
    public byte[] bytes(String piece) {
      for (Decoder step : steps) {
        boolean ofBytes =
            step instanceof ByteLevel
                || (step instanceof ByteFallback && BytePieces.value(piece) >= 0);
        if (ofBytes) {
          return step.bytes(piece);
        }
      }
      return Decoder.super.bytes(piece);
    }
  }

  /** Pieces with a space between them: what is done where a file names no decoder. */
  record Spaced() implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      return List.of(String.join(" ", pieces));
    }
  }

  /** Pieces of {@link ByteAlphabet} to bytes, and those to text. */
  record ByteLevel() implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (String piece : pieces) {
        bytes.writeBytes(bytes(piece));
      }
      return List.of(LossyUtf8.decode(bytes.toByteArray()));
    }

    @Override
    public byte[] bytes(String piece) {
      return ByteAlphabet.read(piece).orElseGet(() -> piece.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Everything in one stretch. */
  record Fuse() implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      return List.of(String.join("", pieces));
    }
  }

  /**
   * Pieces {@code <0x00>} to {@code <0xFF>} to text; bytes that are not UTF-8 to one U+FFFD each.
   */
  record ByteFallback() implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      List<String> result = new ArrayList<>(pieces.size());
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (String piece : pieces) {
        int value = BytePieces.value(piece);
        if (value >= 0) {
          bytes.write(value);
        } else {
          flush(bytes, result);
          result.add(piece);
        }
      }
      flush(bytes, result);
      return result;
    }

    @Override
    public byte[] bytes(String piece) {
      int value = BytePieces.value(piece);
      return value < 0 ? Decoder.super.bytes(piece) : new byte[] {(byte) value};
    }

    private static void flush(ByteArrayOutputStream bytes, List<String> result) {
      if (bytes.size() > 0) {
        result.add(
            LossyUtf8.decodeStrictly(bytes.toByteArray())
                .orElseGet(() -> "\ufffd".repeat(bytes.size())));
        bytes.reset();
      }
    }
  }

  /**
   * The match of a pattern to a text, in each piece.
   *
   * @param pattern what to look for
   * @param content what to put there, taken literally
   */
  record Replace(TextPattern pattern, String content) implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      return pieces.stream().map(this::replaced).toList();
    }

    private String replaced(String piece) {
      StringBuilder result = new StringBuilder();
      pattern.segments(
          piece, (from, to, match) -> result.append(match ? content : piece.substring(from, to)));
      return result.toString();
    }
  }

  /**
   * Leaves out a character at the ends of each piece.
   *
   * @param content the character
   * @param start how often at most at the beginning
   * @param stop how often at most at the end
   */
  record Strip(String content, int start, int stop) implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      return pieces.stream().map(this::stripped).toList();
    }

    private String stripped(String piece) {
      int from = 0;
      for (int i = 0; i < start && piece.startsWith(content, from); i++) {
        from += content.length();
      }
      int to = piece.length();
      for (int i = 0; i < stop && to > from && piece.substring(from, to).endsWith(content); i++) {
        to -= content.length();
      }
      return piece.substring(from, to);
    }
  }

  /**
   * A visible character to spaces; at the beginning of the text to nothing, unless no space was put
   * there.
   *
   * @param replacement the visible character
   * @param prefixed whether a space may have been put before the text
   */
  record Metaspace(String replacement, boolean prefixed) implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      List<String> result = new ArrayList<>(pieces.size());
      for (String piece : pieces) {
        String space = prefixed && result.isEmpty() ? "" : " ";
        result.add(piece.replace(replacement, space));
      }
      return result;
    }
  }

  /**
   * The mark of a word's end to a space, and of the last word's to nothing.
   *
   * @param suffix usually {@code </w>}
   */
  record WordEnd(String suffix) implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      List<String> result = new ArrayList<>(pieces.size());
      for (int i = 0; i < pieces.size(); i++) {
        result.add(pieces.get(i).replace(suffix, i == pieces.size() - 1 ? "" : " "));
      }
      return result;
    }
  }

  /**
   * A space before each piece but those within a word and the first.
   *
   * @param prefix the mark of pieces within a word, {@code ##}
   * @param cleanup whether to take out spaces before punctuation
   */
  record WordPiece(String prefix, boolean cleanup) implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      List<String> result = new ArrayList<>(pieces.size());
      for (String piece : pieces) {
        String text = piece;
        if (!result.isEmpty()) {
          text = piece.startsWith(prefix) ? piece.substring(prefix.length()) : " " + piece;
        }
        result.add(cleanup ? CleanUp.pieces(text) : text);
      }
      return result;
    }
  }

  /**
   * Connectionist temporal classification: repetitions of a piece count once, and padding parts
   * them.
   *
   * @param padding the piece for nothing
   * @param delimiter the piece between words
   * @param cleanup whether to take out spaces before punctuation, and write the delimiter as a
   *     space
   */
  record Ctc(String padding, String delimiter, boolean cleanup) implements Decoder {
    @Override
    public List<String> decode(List<String> pieces) {
      List<String> result = new ArrayList<>();
      String last = null;
      for (String piece : pieces) {
        String text = piece.replace(padding, "");
        if (cleanup) {
          text = CleanUp.pieces(text).replace(delimiter, " ");
        }
        if (!piece.equals(last) && !text.isEmpty()) {
          result.add(text);
        }
        last = piece;
      }
      return result;
    }
  }
}
