package dev.heed.audio;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.nio.ByteBuffer;

/** Reads a FLAC stream bit by bit, the highest first, and sums what was read for its checks. */
final class FlacBits {
  private static final int[] CRC8 = table(8, 0x07);
  private static final int[] CRC16 = table(16, 0x8005);

  private final String where;
  private final ByteBuffer bytes;
  private int current;
  private int left;
  private int crc8;
  private int crc16;

  FlacBits(String where, ByteBuffer bytes) {
    this.where = where;
    this.bytes = bytes;
  }

  /** Begins new sums; the next bit is a byte's first. */
  void startSums() {
    crc8 = 0;
    crc16 = 0;
  }

  int crc8() {
    return crc8;
  }

  int crc16() {
    return crc16;
  }

  /** Whether no byte is left. */
  boolean ended() {
    return !bytes.hasRemaining();
  }

  long remainingBits() {
    return 8L * bytes.remaining() + left;
  }

  /** Reads up to 57 bits as an unsigned number. */
  long unsigned(int count) {
    long value = 0;
    int missing = count;
    while (missing > 0) {
      if (left == 0) {
        nextByte();
      }
      int taken = Math.min(missing, left);
      left -= taken;
      value = value << taken | current >>> left & (1 << taken) - 1;
      missing -= taken;
    }
    return value;
  }

  /** Reads up to 57 bits as a signed number. */
  long signed(int count) {
    return count == 0 ? 0 : unsigned(count) << 64 - count >> 64 - count;
  }

  /** Counts the zeros before the next one. */
  int unary() {
    int zeros = 0;
    while (true) {
      if (left == 0) {
        nextByte();
      }
      int rest = current & (1 << left) - 1;
      if (rest != 0) {
        int skipped = left - 32 + Integer.numberOfLeadingZeros(rest);
        left -= skipped + 1;
        return zeros + skipped;
      }
      zeros += left;
      left = 0;
    }
  }

  /** Skips to the next byte. */
  void align() {
    left = 0;
  }

  private void nextByte() {
    if (!bytes.hasRemaining()) {
      throw SoundFile.error(Kind.TRUNCATED, where, "more of a frame", "the end of the file");
    }
    current = bytes.get() & 0xff;
    left = 8;
    crc8 = CRC8[crc8 ^ current];
    crc16 = (crc16 << 8 & 0xffff) ^ CRC16[crc16 >> 8 ^ current];
  }

  private static int[] table(int width, int polynomial) {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int sum = i << width - 8;
      for (int bit = 0; bit < 8; bit++) {
        boolean carry = (sum >> width - 1 & 1) == 1;
        sum = (sum << 1 ^ (carry ? polynomial : 0)) & (1 << width) - 1;
      }
      table[i] = sum;
    }
    return table;
  }
}
