package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The vocabulary of a llama2.c {@code tokenizer.bin}: a SentencePiece model's pieces and scores,
 * with spaces for its {@code ▁}.
 *
 * <p>Layout: the length of the longest piece, then for each its score (a float), its length in
 * bytes and its UTF-8. The file does not say how many there are; they go on to its end.
 *
 * <p>Source: llama2.c, {@code tokenizer.py} and {@code run.c} ({@code build_tokenizer}).
 *
 * @param pieces by id
 * @param scores by id
 */
public record Llama2cVocabulary(List<String> pieces, List<Float> scores) {
  private static final long LARGEST = 64L << 20;

  /** Copies the lists. */
  public Llama2cVocabulary {
    pieces = List.copyOf(pieces);
    scores = List.copyOf(scores);
  }

  /**
   * Reads a file.
   *
   * @throws CheckpointException {@code NOT_FOUND}, {@code IO}, {@code TOO_LARGE}, {@code TRUNCATED}
   *     or {@code MALFORMED}
   */
  public static Llama2cVocabulary read(Path file) {
    return read(file.toString(), MappedFile.readSmall(file, LARGEST));
  }

  /** Reads bytes that are in memory already. */
  static Llama2cVocabulary read(String where, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (buffer.remaining() < Integer.BYTES) {
      throw error(Kind.TRUNCATED, where, "at least 4 bytes", bytes.length + "");
    }
    int longest = buffer.getInt();
    List<String> pieces = new ArrayList<>();
    List<Float> scores = new ArrayList<>();
    while (buffer.hasRemaining()) {
      String at = where + ", piece " + pieces.size();
      if (buffer.remaining() < 8) {
        throw error(Kind.TRUNCATED, at, "a score and a length", buffer.remaining() + " bytes");
      }
      scores.add(buffer.getFloat());
      int length = buffer.getInt();
      if (length < 0 || length > longest) {
        throw error(Kind.VALUE, at, "a length from 0 to " + longest, length + "");
      }
      if (length > buffer.remaining()) {
        throw error(Kind.TRUNCATED, at, length + " bytes", buffer.remaining() + "");
      }
      pieces.add(text(at, buffer.slice(buffer.position(), length)));
      buffer.position(buffer.position() + length);
    }
    return new Llama2cVocabulary(pieces, scores);
  }

  private static String text(String at, ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw error(Kind.MALFORMED, at, "UTF-8", "bytes that are not");
    }
  }

  private static CheckpointException error(Kind kind, String where, String expected, String got) {
    return new CheckpointException(
        kind, where, expected, got, "The file is damaged or no tokenizer.bin; get it again.");
  }
}
