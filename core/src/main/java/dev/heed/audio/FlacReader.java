package dev.heed.audio;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Reads FLAC: all subframes, all channel layouts, up to 32 bits. Each frame's sums and the whole
 * sound's are checked.
 *
 * <p>Source: RFC 9639, sections 8 and 9.
 */
final class FlacReader {
  private static final int STREAM_INFO = 34;
  private static final byte[] NO_SUM = new byte[16];

  private final String where;
  private final ByteBuffer bytes;
  private int rate;
  private int channels;
  private int bits;
  private long total;
  private final byte[] sum = new byte[16];
  private float[][] samples = new float[0][];
  private int length;

  FlacReader(String where, ByteBuffer bytes) {
    this.where = where;
    this.bytes = bytes;
  }

  Sound read() {
    bytes.position(4);
    metadata();
    samples = new float[channels][0];
    MessageDigest digest = md5();
    FlacBits in = new FlacBits(where, bytes);
    FlacFrame frame = new FlacFrame(where, in, rate, channels, bits);
    while (!in.ended() && (total == 0 || length < total)) {
      long[][] block = frame.read();
      append(block, digest);
    }
    if (total != 0 && length != total) {
      throw error(Kind.TRUNCATED, total + " samples", length + "");
    }
    if (!Arrays.equals(sum, NO_SUM) && !Arrays.equals(sum, digest.digest())) {
      throw error(Kind.MALFORMED, "samples of the stated MD5 sum", "others");
    }
    for (int c = 0; c < channels; c++) {
      samples[c] = Arrays.copyOf(samples[c], length);
    }
    return new Sound(rate, samples);
  }

  private void metadata() {
    boolean last = false;
    for (int block = 0; !last; block++) {
      if (bytes.remaining() < 4) {
        throw error(Kind.TRUNCATED, "a metadata block", "the end of the file");
      }
      int header = bytes.getInt();
      last = header < 0;
      int type = header >> 24 & 0x7f;
      int size = header & 0xff_ffff;
      if (size > bytes.remaining()) {
        throw error(
            Kind.TRUNCATED, "a metadata block of " + size + " bytes", bytes.remaining() + "");
      }
      int next = bytes.position() + size;
      if (block == 0 != (type == 0)) {
        throw error(Kind.MALFORMED, "one STREAMINFO, the first", "block type " + type);
      }
      if (type == 0) {
        streamInfo(size);
      }
      bytes.position(next);
    }
  }

  private void streamInfo(int size) {
    if (size != STREAM_INFO) {
      throw error(Kind.MALFORMED, "a STREAMINFO of 34 bytes", size + "");
    }
    bytes.position(bytes.position() + 10);
    long packed = bytes.getLong();
    bytes.get(sum);
    rate = (int) (packed >>> 44);
    channels = (int) (packed >>> 41 & 7) + 1;
    bits = (int) (packed >>> 36 & 31) + 1;
    total = packed & 0xf_ffff_ffffL;
    SoundFile.requireRate(where, rate);
    if (bits < 4) {
      throw error(Kind.VALUE, "from 4 to 32 bits a sample", bits + "");
    }
    requireLength(total);
  }

  private void requireLength(long each) {
    if (each * channels > SoundFile.MOST_SAMPLES) {
      throw error(
          Kind.TOO_LARGE, "at most " + SoundFile.MOST_SAMPLES + " samples", each * channels + "");
    }
  }

  private void append(long[][] block, MessageDigest digest) {
    int count = block[0].length;
    requireLength((long) length + count);
    int width = (bits + 7) / 8;
    byte[] summed = new byte[count * channels * width];
    double scale = Math.scalb(1.0, 1 - bits);
    for (int c = 0; c < channels; c++) {
      if (length + count > samples[c].length) {
        samples[c] = Arrays.copyOf(samples[c], Math.max(length + count, 2 * samples[c].length));
      }
      for (int i = 0; i < count; i++) {
        samples[c][length + i] = (float) (block[c][i] * scale);
        for (int b = 0; b < width; b++) {
          summed[(i * channels + c) * width + b] = (byte) (block[c][i] >> 8 * b);
        }
      }
    }
    digest.update(summed);
    length += count;
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  private CheckpointException error(Kind kind, String expected, String got) {
    return SoundFile.error(kind, where, expected, got);
  }
}
