package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Multiplies and compares whole rows. */
final class RowScaling {
  private RowScaling() {}

  /** Multiplies row {@code i} by {@code factors[i]}; rows are whole vectors without gaps. */
  static void scale(float[] array, int at, int width, int rows, float[] factors) {
    for (int i = 0; i < rows; i++) {
      scale(array, at + i * width, at + (i + 1) * width, factors[i]);
    }
  }

  /** Multiplies {@code [from, to)}, a multiple of {@link Lanes#LENGTH} long, by one factor. */
  static void scale(float[] array, int from, int to, float factor) {
    for (int i = from; i < to; i += LENGTH) {
      FloatVector.fromArray(FLOATS, array, i).mul(factor).intoArray(array, i);
    }
  }

  /** Adds {@code [from, to)} of an array, a multiple of {@link Lanes#LENGTH} long, to another. */
  static void add(float[] sum, float[] array, int from, int to) {
    for (int i = from; i < to; i += LENGTH) {
      FloatVector.fromArray(FLOATS, sum, i)
          .add(FloatVector.fromArray(FLOATS, array, i))
          .intoArray(sum, i);
    }
  }

  /** Whether {@code [from, to)}, a multiple of {@link Lanes#LENGTH} long, holds finite numbers. */
  static boolean areFinite(float[] array, int from, int to) {
    FloatVector zeros = FloatVector.zero(FLOATS);
    for (int i = from; i < to; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(FLOATS, array, i);
      zeros = zeros.add(x.sub(x)); // not a number, where x is none or infinite
    }
    return !zeros.test(VectorOperators.IS_NAN).anyTrue();
  }

  /**
   * The sum of products of two rows of whole vectors, its last vector added up by halves: {@code
   * reduceLanes} promises no order, and takes another once it is compiled.
   *
   * @param lanes room for one vector
   */
  static float dot(float[] a, int at, float[] b, int bt, int width, float[] lanes) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < width; i += LENGTH) {
      sum =
          FloatVector.fromArray(FLOATS, a, at + i)
              .fma(FloatVector.fromArray(FLOATS, b, bt + i), sum);
    }
    sum.intoArray(lanes, 0);
    for (int half = LENGTH / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }
}
