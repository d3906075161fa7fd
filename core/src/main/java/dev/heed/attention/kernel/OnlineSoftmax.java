package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The softmax of scores that arrive tile by tile (Milakov and Gimelshein, Online normalizer
 * calculation for softmax, 2018, algorithm 3), with queries in lanes: no sum runs across a vector.
 *
 * <p>A tile is {@code [keys][TILE_QUERIES]}. Powers are of two: {@code weight = 2^((score -
 * maximum) · factor)}; the maximum is taken away first, so that scores of any size are as good as
 * small ones. A row of a tile's mask has one bit a query.
 *
 * <p>Two rules keep C2 from boxing vectors: no method takes or returns one, and the loops are flat
 * and two vectors wide, too large to be inlined, so that each is compiled by itself (inlined into
 * their caller they exceed its node budget, and ran at half the speed).
 */
final class OnlineSoftmax {
  /**
   * A maximum before any key: above no score but minus infinity, whose weight is zero beside it.
   */
  static final float NOTHING_SEEN = -Float.MAX_VALUE;

  private static final int[] ALL = new int[TILE_KEYS];
  private static final float[] ZERO = new float[TILE_QUERIES];

  /** 1.5 · 2^23: adding it rounds to the nearest integer and leaves that in the low bits. */
  private static final float ROUND = 12582912f;

  /** Powers of two below this exponent count as zero: they are no normal numbers. */
  private static final float SMALLEST = -126f;

  private static final int FRACTION_BITS = 23;

  static {
    Arrays.fill(ALL, -1);
  }

  private OnlineSoftmax() {}

  /**
   * Raises the running maxima to those of this tile and scales the running sums accordingly.
   *
   * @param from first row of the tile to look at
   * @param to end of the rows to look at
   * @param lanes queries of the tile
   * @param bits one word a row, or null when every pair is allowed
   * @param factor above 0
   * @param maximum running maxima, read and written at {@code at}
   * @param sum running sums, read and written at {@code at}
   * @param correction {@code 2^((old - new) · factor)} of every lane, written if any maximum rose;
   *     twice as long as a tile is wide
   * @return whether any maximum rose
   */
  static boolean raise(
      float[] tile,
      int from,
      int to,
      int lanes,
      int @Nullable [] bits,
      float factor,
      float[] maximum,
      float[] sum,
      int at,
      float[] correction) {
    int[] allowed = bits == null ? ALL : bits;
    boolean rose = false;
    for (int lane = 0; lane < lanes; lane += 2 * LENGTH) {
      rose |= raise(tile, from, to, lane, allowed, maximum, at + lane, correction);
    }
    for (int lane = 0; rose && lane < lanes; lane += 2 * LENGTH) {
      powers(correction, 0, 1, lane, ALL, factor, ZERO, 0, ZERO, 0, correction, TILE_QUERIES);
      for (int i = lane; i < lane + 2 * LENGTH; i++) {
        sum[at + i] *= correction[i];
      }
    }
    return rose;
  }

  /** Two vectors of lanes; leaves {@code old - new} in the correction. */
  private static boolean raise(
      float[] tile,
      int from,
      int to,
      int lane,
      int[] bits,
      float[] maximum,
      int at,
      float[] correction) {
    FloatVector low = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    FloatVector high = low;
    for (int key = from; key < to; key++) {
      int i = key * TILE_QUERIES + lane;
      FloatVector x = FloatVector.fromArray(FLOATS, tile, i);
      FloatVector y = FloatVector.fromArray(FLOATS, tile, i + LENGTH);
      if (bits == ALL) {
        low = low.blend(x, x.compare(VectorOperators.GT, low));
        high = high.blend(y, y.compare(VectorOperators.GT, high));
      } else {
        VectorMask<Float> xs = VectorMask.fromLong(FLOATS, bits[key] >>> lane);
        VectorMask<Float> ys = VectorMask.fromLong(FLOATS, bits[key] >>> (lane + LENGTH));
        low = low.blend(x, x.compare(VectorOperators.GT, low, xs));
        high = high.blend(y, y.compare(VectorOperators.GT, high, ys));
      }
    }
    FloatVector oldLow = FloatVector.fromArray(FLOATS, maximum, at);
    FloatVector oldHigh = FloatVector.fromArray(FLOATS, maximum, at + LENGTH);
    VectorMask<Float> lowRose = low.compare(VectorOperators.GT, oldLow);
    VectorMask<Float> highRose = high.compare(VectorOperators.GT, oldHigh);
    low = oldLow.blend(low, lowRose);
    high = oldHigh.blend(high, highRose);
    low.intoArray(maximum, at);
    high.intoArray(maximum, at + LENGTH);
    oldLow.sub(low).intoArray(correction, lane);
    oldHigh.sub(high).intoArray(correction, lane + LENGTH);
    return lowRose.or(highRose).anyTrue();
  }

  /**
   * Turns scores into powers {@code 2^((score - maximum) · factor)} in place, zero where the mask
   * forbids, and adds them to sums.
   *
   * @param maximum running maxima, read at {@code at}
   * @param sum read and written at {@code at}
   */
  static void exponentiate(
      float[] tile,
      int from,
      int to,
      int lanes,
      int @Nullable [] bits,
      float factor,
      float[] maximum,
      float[] sum,
      int at) {
    int[] allowed = bits == null ? ALL : bits;
    for (int lane = 0; lane < lanes; lane += 2 * LENGTH) {
      powers(tile, from, to, lane, allowed, factor, maximum, at, ZERO, 0, sum, at);
    }
  }

  /**
   * Turns scores into final weights {@code 2^((score - maximum) · factor - logSum)} in place, zero
   * where the mask forbids.
   *
   * @param maximum of whole rows, read at {@code at}
   * @param logSum of whole rows, read at {@code at}
   * @param unused room for the sums of the weights; twice as long as a tile is wide
   */
  static void weigh(
      float[] tile,
      int from,
      int to,
      int lanes,
      int @Nullable [] bits,
      float factor,
      float[] maximum,
      float[] logSum,
      int at,
      float[] unused) {
    int[] allowed = bits == null ? ALL : bits;
    for (int lane = 0; lane < lanes; lane += 2 * LENGTH) {
      powers(tile, from, to, lane, allowed, factor, maximum, at, logSum, at, unused, 0);
    }
  }

  /**
   * {@code 2^x} for {@code x ≤ 127}: {@code x = n + r} with {@code |r| ≤ 1/2}; {@code 2^r} is the
   * minimax polynomial of degree 5 (relative error 7.5e-8), {@code n} goes into the exponent bits
   * (Cody and Waite, Software Manual for the Elementary Functions, 1980, chapter 6).
   */
  private static void powers(
      float[] tile,
      int from,
      int to,
      int lane,
      int[] bits,
      float factor,
      float[] maximum,
      int at,
      float[] offset,
      int offsetAt,
      float[] sum,
      int sumAt) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    FloatVector c1 = FloatVector.broadcast(FLOATS, 0.69314697f);
    FloatVector c2 = FloatVector.broadcast(FLOATS, 0.2402212f);
    FloatVector c3 = FloatVector.broadcast(FLOATS, 0.055507133f);
    FloatVector c4 = FloatVector.broadcast(FLOATS, 0.009675541f);
    FloatVector c5 = FloatVector.broadcast(FLOATS, 0.0013276472f);
    FloatVector round = FloatVector.broadcast(FLOATS, ROUND);
    FloatVector smallest = FloatVector.broadcast(FLOATS, SMALLEST);
    FloatVector scale = FloatVector.broadcast(FLOATS, factor);
    FloatVector lowMaximum = FloatVector.fromArray(FLOATS, maximum, at + lane);
    FloatVector highMaximum = FloatVector.fromArray(FLOATS, maximum, at + lane + LENGTH);
    FloatVector lowOffset = FloatVector.fromArray(FLOATS, offset, offsetAt + lane).neg();
    FloatVector highOffset = FloatVector.fromArray(FLOATS, offset, offsetAt + lane + LENGTH).neg();
    FloatVector lowSum = FloatVector.fromArray(FLOATS, sum, sumAt + lane);
    FloatVector highSum = FloatVector.fromArray(FLOATS, sum, sumAt + lane + LENGTH);
    for (int key = from; key < to; key++) {
      int i = key * TILE_QUERIES + lane;
      FloatVector x = FloatVector.fromArray(FLOATS, tile, i).sub(lowMaximum).fma(scale, lowOffset);
      FloatVector y =
          FloatVector.fromArray(FLOATS, tile, i + LENGTH).sub(highMaximum).fma(scale, highOffset);
      FloatVector xn = x.add(round);
      FloatVector yn = y.add(round);
      FloatVector xr = x.sub(xn.sub(round));
      FloatVector yr = y.sub(yn.sub(round));
      FloatVector p = c5.fma(xr, c4).fma(xr, c3).fma(xr, c2).fma(xr, c1).fma(xr, one);
      FloatVector q = c5.fma(yr, c4).fma(yr, c3).fma(yr, c2).fma(yr, c1).fma(yr, one);
      VectorMask<Float> xs =
          VectorMask.fromLong(FLOATS, bits[key] >>> lane)
              .andNot(x.compare(VectorOperators.LT, smallest));
      VectorMask<Float> ys =
          VectorMask.fromLong(FLOATS, bits[key] >>> (lane + LENGTH))
              .andNot(y.compare(VectorOperators.LT, smallest));
      p =
          p.viewAsIntegralLanes()
              .add(xn.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, FRACTION_BITS))
              .viewAsFloatingLanes();
      q =
          q.viewAsIntegralLanes()
              .add(yn.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, FRACTION_BITS))
              .viewAsFloatingLanes();
      p = zero.blend(p, xs);
      q = zero.blend(q, ys);
      p.intoArray(tile, i);
      q.intoArray(tile, i + LENGTH);
      lowSum = lowSum.add(p);
      highSum = highSum.add(q);
    }
    lowSum.intoArray(sum, sumAt + lane);
    highSum.intoArray(sum, sumAt + lane + LENGTH);
  }
}
