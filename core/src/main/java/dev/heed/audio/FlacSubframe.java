package dev.heed.audio;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.util.Arrays;

/**
 * Reads one channel of a frame: a constant, plain samples, or a linear prediction and what it
 * missed.
 *
 * <p>Source: RFC 9639, sections 9.2.1 to 9.2.7.
 */
final class FlacSubframe {
  /** Predictions by differences of order 0 to 4. */
  private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

  private final String where;
  private final FlacBits in;
  private final long[] samples;

  private FlacSubframe(String where, FlacBits in, int size) {
    this.where = where;
    this.in = in;
    this.samples = new long[size];
  }

  /**
   * Reads a subframe.
   *
   * @param size how many samples
   * @param bits of each sample
   */
  static long[] read(String where, FlacBits in, int size, int bits) {
    FlacSubframe subframe = new FlacSubframe(where, in, size);
    subframe.read(bits);
    return subframe.samples;
  }

  private void read(int stated) {
    require(in.unsigned(1) == 0, "a padding bit of 0");
    int type = (int) in.unsigned(6);
    int wasted = in.unsigned(1) == 1 ? in.unary() + 1 : 0;
    int bits = stated - wasted;
    require(bits > 0, "fewer wasted bits than " + stated);
    if (type == 0) {
      Arrays.fill(samples, in.signed(bits));
    } else if (type == 1) {
      plain(samples.length, bits);
    } else if (type >= 8 && type <= 12) {
      plain(type - 8, bits);
      missed(type - 8);
      predict(FIXED[type - 8], 0, bits);
    } else {
      require(type >= 32, "a known kind of subframe");
      linear(type - 31, bits);
    }
    for (int i = 0; i < samples.length && wasted > 0; i++) {
      samples[i] <<= wasted;
    }
  }

  private void plain(int count, int bits) {
    require(count <= samples.length, "an order within the block");
    require(in.remainingBits() >= (long) count * bits, "as many samples as stated");
    for (int i = 0; i < count; i++) {
      samples[i] = in.signed(bits);
    }
  }

  private void linear(int order, int bits) {
    plain(order, bits);
    int precision = (int) in.unsigned(4) + 1;
    int shift = (int) in.signed(5);
    require(precision < 16 && shift >= 0, "a precision below 16 and a positive shift");
    int[] weights = new int[order];
    for (int i = 0; i < order; i++) {
      weights[i] = (int) in.signed(precision);
    }
    missed(order);
    predict(weights, shift, bits);
  }

  /** Adds the prediction from the samples before to what is there. */
  private void predict(int[] weights, int shift, int bits) {
    for (int i = weights.length; i < samples.length; i++) {
      long sum = 0;
      for (int j = 0; j < weights.length; j++) {
        sum += weights[j] * samples[i - 1 - j];
      }
      samples[i] += sum >> shift;
      require(samples[i] << 64 - bits >> 64 - bits == samples[i], "samples of " + bits + " bits");
    }
  }

  /** What the prediction missed: partitions of Rice codes, or of plain numbers. */
  private void missed(int order) {
    int method = (int) in.unsigned(2);
    require(method < 2, "Rice codes of 4 or 5 bits");
    int parameterBits = 4 + method;
    int partitions = 1 << (int) in.unsigned(4);
    require(
        samples.length % partitions == 0 && samples.length / partitions >= order,
        "partitions that divide the block");
    int next = order;
    for (int p = 1; p <= partitions; p++) {
      int end = samples.length / partitions * p;
      int parameter = (int) in.unsigned(parameterBits);
      if (parameter == (1 << parameterBits) - 1) {
        int bits = (int) in.unsigned(5);
        while (next < end) {
          samples[next++] = in.signed(bits);
        }
      } else {
        while (next < end) {
          long code = (long) in.unary() << parameter | in.unsigned(parameter);
          samples[next++] = code >>> 1 ^ -(code & 1);
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
