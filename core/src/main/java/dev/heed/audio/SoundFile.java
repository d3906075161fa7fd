package dev.heed.audio;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads sound files: WAV and FLAC, told apart by their first bytes. */
public final class SoundFile {
  /** The largest file that is read. */
  static final long MOST_BYTES = 1L << 30;

  /** The most samples of all channels together that are decoded: 512 MiB of floats. */
  static final long MOST_SAMPLES = 1L << 27;

  static final String REMEDY = "The file is damaged or hostile; get it again.";

  private SoundFile() {}

  /**
   * Reads a file.
   *
   * @throws CheckpointException {@code NOT_FOUND} or {@code IO} when it cannot be read, and all
   *     that {@link #read(String, byte[])} throws
   */
  public static Sound read(Path file) {
    String where = file.toString();
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Kind.NOT_FOUND, where, "a regular file", "none", "Check the path.");
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CheckpointException(
            Kind.TOO_LARGE,
            where,
            "at most " + MOST_BYTES + " bytes",
            Files.size(file) + "",
            "Cut the sound into pieces.");
      }
      return read(where, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          where,
          "a readable file",
          String.valueOf(e.getMessage()),
          "Check its permissions and the disk.",
          e);
    }
  }

  /**
   * Reads a file's bytes.
   *
   * @param where a name for messages
   * @param bytes the whole file
   * @throws CheckpointException {@code UNSUPPORTED} for anything but WAV and FLAC and for an
   *     encoding that Heed does not read, {@code TOO_LARGE}, {@code TRUNCATED}, {@code VALUE} and
   *     {@code MALFORMED} for a damaged file
   */
  public static Sound read(String where, byte[] bytes) {
    String mark = new String(bytes, 0, Math.min(4, bytes.length), StandardCharsets.ISO_8859_1);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return switch (mark) {
      case "RIFF" -> new WavReader(where, buffer.order(ByteOrder.LITTLE_ENDIAN)).read();
      case "fLaC" -> new FlacReader(where, buffer).read();
      case "RF64", "RIFX", "riff", "BW64" ->
          throw error(
              Kind.UNSUPPORTED,
              where,
              "a plain WAV (RIFF) file",
              "WAVE64, RF64 or big-endian RIFF");
      default ->
          throw error(
              Kind.UNSUPPORTED,
              where,
              "a WAV or FLAC file",
              bytes.length == 0 ? "an empty file" : "another");
    };
  }

  static CheckpointException error(Kind kind, String where, String expected, String got) {
    return new CheckpointException(
        kind,
        where,
        expected,
        got,
        kind == Kind.UNSUPPORTED ? "Convert the sound to WAV or FLAC." : REMEDY);
  }

  /** Refuses a rate that no {@link Sound} has. */
  static void requireRate(String where, long rate) {
    if (rate < Sound.LOWEST_RATE || rate > Sound.HIGHEST_RATE) {
      throw error(
          Kind.VALUE,
          where,
          "a sampling rate from " + Sound.LOWEST_RATE + " to " + Sound.HIGHEST_RATE,
          rate + "");
    }
  }
}
