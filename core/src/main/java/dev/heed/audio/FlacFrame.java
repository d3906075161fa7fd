package dev.heed.audio;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;

/**
 * Reads frames: a header, a subframe a channel, and the channels' differences undone.
 *
 * <p>Source: RFC 9639, sections 9.1 and 9.3.
 */
final class FlacFrame {
  private static final int SYNC = 0x3ffe;
  private static final int LEFT_SIDE = 8;
  private static final int SIDE_RIGHT = 9;
  private static final int MID_SIDE = 10;
  private static final int[] RATES = {
    0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000
  };
  private static final int[] BITS = {0, 8, 12, -1, 16, 20, 24, 32};

  private final String where;
  private final FlacBits in;
  private final int rate;
  private final int channels;
  private final int bits;

  FlacFrame(String where, FlacBits in, int rate, int channels, int bits) {
    this.where = where;
    this.in = in;
    this.rate = rate;
    this.channels = channels;
    this.bits = bits;
  }

  /** The next frame's samples, by channel. */
  long[][] read() {
    in.startSums();
    require((int) in.unsigned(14) == SYNC && in.unsigned(1) == 0, "the beginning of a frame");
    in.unsigned(1);
    int sizeCode = (int) in.unsigned(4);
    int rateCode = (int) in.unsigned(4);
    int layout = (int) in.unsigned(4);
    int bitsCode = (int) in.unsigned(3);
    require(in.unsigned(1) == 0, "a reserved bit of 0");
    number();
    int size = size(sizeCode);
    requireRate(rateCode);
    int found = layout < LEFT_SIDE ? layout + 1 : 2;
    require(layout <= MID_SIDE && found == channels, channels + " channels");
    require(BITS[bitsCode] == 0 || BITS[bitsCode] == bits, bits + " bits a sample");
    int sum = in.crc8();
    require((int) in.unsigned(8) == sum, "a header of the stated sum");
    long[][] samples = new long[channels][];
    for (int c = 0; c < channels; c++) {
      boolean side = layout >= LEFT_SIDE && c == (layout == SIDE_RIGHT ? 0 : 1);
      samples[c] = FlacSubframe.read(where, in, size, bits + (side ? 1 : 0));
    }
    in.align();
    int wholeSum = in.crc16();
    require((int) in.unsigned(16) == wholeSum, "a frame of the stated sum");
    undo(layout, samples);
    return samples;
  }

  /** The frame's or first sample's number, in as many bytes as its first says; it is not needed. */
  private void number() {
    int first = (int) in.unsigned(8);
    int ones = Integer.numberOfLeadingZeros(~(first << 24));
    require(ones != 1 && ones < 8, "a frame's number");
    for (int i = 1; i < ones; i++) {
      require(in.unsigned(8) >> 6 == 2, "a frame's number");
    }
  }

  private int size(int code) {
    require(code != 0, "a block size");
    if (code == 1) {
      return 192;
    }
    if (code <= 5) {
      return 576 << code - 2;
    }
    return code >= 8 ? 256 << code - 8 : (int) in.unsigned(code == 6 ? 8 : 16) + 1;
  }

  private void requireRate(int code) {
    int found =
        switch (code) {
          case 0 -> rate;
          case 12 -> 1000 * (int) in.unsigned(8);
          case 13 -> (int) in.unsigned(16);
          case 14 -> 10 * (int) in.unsigned(16);
          case 15 -> -1;
          default -> RATES[code];
        };
    require(found == rate, "the stream's sampling rate " + rate);
  }

  private static void undo(int layout, long[][] samples) {
    if (layout < LEFT_SIDE) {
      return;
    }
    long[] first = samples[0];
    long[] second = samples[1];
    for (int i = 0; i < first.length; i++) {
      switch (layout) {
        case LEFT_SIDE -> second[i] = first[i] - second[i];
        case SIDE_RIGHT -> first[i] += second[i];
        default -> {
          long mid = first[i] << 1 | second[i] & 1;
          long side = second[i];
          first[i] = mid + side >> 1;
          second[i] = mid - side >> 1;
        }
      }
    }
  }

  private void require(boolean holds, String expected) {
    if (!holds) {
      throw error(expected);
    }
  }

  private CheckpointException error(String expected) {
    return SoundFile.error(Kind.MALFORMED, where, expected, "another value");
  }
}
