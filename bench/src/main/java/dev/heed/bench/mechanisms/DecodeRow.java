package dev.heed.bench.mechanisms;

import dev.heed.bench.attention.Timing;
import java.util.List;

/**
 * One mechanism while a sequence grows.
 *
 * @param mechanism its name
 * @param times of a token in milliseconds, one a context, shortest first
 * @param lastOverFirst the last median over the first
 * @param flat whether that lies within {@link #TOLERANCE} of 1
 */
record DecodeRow(String mechanism, List<Timing> times, double lastOverFirst, boolean flat) {
  /** What the times of one and the same work differ by from run to run. */
  static final double TOLERANCE = 0.15;

  static DecodeRow of(String mechanism, List<Timing> times) {
    double ratio = times.getLast().median() / times.getFirst().median();
    return new DecodeRow(mechanism, times, ratio, Math.abs(ratio - 1) <= TOLERANCE);
  }
}
