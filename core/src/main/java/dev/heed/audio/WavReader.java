package dev.heed.audio;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.nio.ByteBuffer;

/**
 * Reads WAV: whole numbers of 8, 16, 24 and 32 bits, floats of 32 and 64, A-law and µ-law, with a
 * plain or an extensible header.
 *
 * <p>Source: Microsoft, Multimedia Programming Interface 1.0, "WAVE"; {@code WAVEFORMATEXTENSIBLE}.
 */
final class WavReader {
  private static final int INTEGER = 1;
  private static final int FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xfffe;
  private static final int MOST_CHANNELS = 64;
  private static final int WAVE = 'W' | 'A' << 8 | 'V' << 16 | 'E' << 24;
  private static final int FMT = 'f' | 'm' << 8 | 't' << 16 | ' ' << 24;
  private static final int DATA = 'd' | 'a' << 8 | 't' << 16 | 'a' << 24;

  /** What a writer to a pipe, which cannot know the length, puts in its place. */
  private static final long UNKNOWN_LENGTH = 0xffff_ffffL;

  private final String where;
  private final ByteBuffer bytes;
  private int encoding;
  private int channels;
  private int rate;
  private int width;

  WavReader(String where, ByteBuffer bytes) {
    this.where = where;
    this.bytes = bytes;
  }

  Sound read() {
    if (bytes.remaining() < 12 || bytes.getInt(8) != WAVE) {
      throw error(Kind.MALFORMED, "RIFF of type WAVE", "another");
    }
    bytes.position(12);
    while (true) {
      if (bytes.remaining() < 8) {
        throw error(Kind.TRUNCATED, "a chunk data", "the end of the file");
      }
      int chunk = bytes.getInt();
      long length = Integer.toUnsignedLong(bytes.getInt());
      if (chunk == DATA && length == UNKNOWN_LENGTH) {
        length = bytes.remaining();
      }
      if (length > bytes.remaining()) {
        throw error(
            Kind.TRUNCATED, "a chunk of " + length + " bytes", bytes.remaining() + " bytes");
      }
      if (chunk == DATA) {
        return samples((int) length);
      }
      int next = bytes.position() + (int) length;
      if (chunk == FMT) {
        format((int) length);
      }
      // Chunks begin at even places; the last one's padding may be missing.
      bytes.position(Math.min(bytes.limit(), next + (next & 1)));
    }
  }

  private void format(int length) {
    if (length < 16) {
      throw error(Kind.TRUNCATED, "a chunk fmt of at least 16 bytes", length + "");
    }
    int start = bytes.position();
    encoding = bytes.getShort() & 0xffff;
    channels = bytes.getShort() & 0xffff;
    long stated = Integer.toUnsignedLong(bytes.getInt());
    bytes.getInt();
    int block = bytes.getShort() & 0xffff;
    int bits = bytes.getShort() & 0xffff;
    if (encoding == EXTENSIBLE) {
      if (length < 40) {
        throw error(Kind.TRUNCATED, "an extensible chunk fmt of at least 40 bytes", length + "");
      }
      int valid = bytes.getShort(start + 18) & 0xffff;
      if (valid != 0 && valid > bits) {
        throw error(Kind.VALUE, "at most " + bits + " valid bits", valid + "");
      }
      encoding = bytes.getShort(start + 24) & 0xffff;
    }
    SoundFile.requireRate(where, stated);
    rate = (int) stated;
    if (channels < 1 || channels > MOST_CHANNELS) {
      throw error(Kind.VALUE, "from 1 to " + MOST_CHANNELS + " channels", channels + "");
    }
    width = width(bits);
    if (block != width * channels) {
      throw error(Kind.VALUE, "frames of " + width * channels + " bytes", block + "");
    }
  }

  private int width(int bits) {
    boolean known =
        switch (encoding) {
          case INTEGER -> bits == 8 || bits == 16 || bits == 24 || bits == 32;
          case FLOAT -> bits == 32 || bits == 64;
          case A_LAW, MU_LAW -> bits == 8;
          default -> false;
        };
    if (!known) {
      throw error(
          Kind.UNSUPPORTED,
          "whole numbers of 8, 16, 24 or 32 bits, floats of 32 or 64, A-law or µ-law of 8",
          "encoding " + encoding + " of " + bits + " bits");
    }
    return bits / 8;
  }

  private Sound samples(int length) {
    if (rate == 0) {
      throw error(Kind.MALFORMED, "a chunk fmt before the data", "none");
    }
    if (length % (width * channels) != 0) {
      throw error(
          Kind.TRUNCATED, "whole frames of " + width * channels + " bytes", length + " bytes");
    }
    if (length / width > SoundFile.MOST_SAMPLES) {
      throw error(
          Kind.TOO_LARGE, "at most " + SoundFile.MOST_SAMPLES + " samples", length / width + "");
    }
    float[][] samples = new float[channels][length / width / channels];
    for (int i = 0; i < samples[0].length; i++) {
      for (int c = 0; c < channels; c++) {
        samples[c][i] = sample();
      }
    }
    return new Sound(rate, samples);
  }

  private float sample() {
    return switch (encoding) {
      case A_LAW -> Companding.aLaw(bytes.get());
      case MU_LAW -> Companding.muLaw(bytes.get());
      case FLOAT -> finite(width == 4 ? bytes.getFloat() : (float) bytes.getDouble());
      default -> integer();
    };
  }

  private float integer() {
    return switch (width) {
      case 1 -> ((bytes.get() & 0xff) - 128) / 128f;
      case 2 -> bytes.getShort() / 32_768f;
      case 3 -> (bytes.getShort() & 0xffff | bytes.get() << 16) / 8_388_608f;
      default -> (float) (bytes.getInt() / 2_147_483_648.0);
    };
  }

  private float finite(float value) {
    if (!Float.isFinite(value)) {
      throw error(Kind.VALUE, "finite samples", value + "");
    }
    return value;
  }

  private CheckpointException error(Kind kind, String expected, String got) {
    return SoundFile.error(kind, where, expected, got);
  }
}
