package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The soft cap {@code cap · tanh(score / cap)} on a whole tile.
 *
 * <p>Within 0.625 an odd polynomial, beyond {@code 1 - 2 / (e^2|x| + 1)} (Moshier, Cephes
 * Mathematical Library, {@code tanhf}); the power is that of {@link OnlineSoftmax}.
 */
final class TanhTile {
  private static final float SMALL = 0.625f;

  /** Beyond this the hyperbolic tangent is 1 in single precision. */
  private static final float LARGEST = 10f;

  private static final float TO_POWERS = (float) (2 / Math.log(2));
  private static final float ROUND = 12582912f;
  private static final int FRACTION_BITS = 23;

  private TanhTile() {}

  /** Caps rows {@code [from, to)} in place. */
  static void cap(float[] tile, int from, int to, int lanes, float cap) {
    tanh(tile, tile, from, to, lanes, cap);
    for (int i = from * TILE_QUERIES; i < to * TILE_QUERIES; i += LENGTH) {
      FloatVector.fromArray(FLOATS, tile, i).mul(cap).intoArray(tile, i);
    }
  }

  /**
   * Multiplies gradients by the derivative, {@code 1 - tanh²}.
   *
   * @param scores before the cap; overwritten
   */
  static void backward(float[] scores, float[] gradients, int from, int to, int lanes, float cap) {
    tanh(scores, scores, from, to, lanes, cap);
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int i = from * TILE_QUERIES; i < to * TILE_QUERIES; i += LENGTH) {
      FloatVector t = FloatVector.fromArray(FLOATS, scores, i);
      FloatVector g = FloatVector.fromArray(FLOATS, gradients, i);
      one.sub(t.mul(t)).mul(g).intoArray(gradients, i);
    }
  }

  private static void tanh(float[] scores, float[] into, int from, int to, int lanes, float cap) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    FloatVector round = FloatVector.broadcast(FLOATS, ROUND);
    float factor = 1 / cap;
    for (int lane = 0; lane < lanes; lane += LENGTH) {
      for (int i = from * TILE_QUERIES + lane; i < to * TILE_QUERIES; i += TILE_QUERIES) {
        FloatVector x =
            FloatVector.fromArray(FLOATS, scores, i).mul(factor).min(LARGEST).max(-LARGEST);
        FloatVector z = x.mul(x);
        FloatVector near =
            FloatVector.broadcast(FLOATS, -5.70498872745e-3f)
                .fma(z, FloatVector.broadcast(FLOATS, 2.06390887954e-2f))
                .fma(z, FloatVector.broadcast(FLOATS, -5.37397155531e-2f))
                .fma(z, FloatVector.broadcast(FLOATS, 1.33314422036e-1f))
                .fma(z, FloatVector.broadcast(FLOATS, -3.33332819422e-1f))
                .mul(z)
                .fma(x, x);
        FloatVector y = x.mul(TO_POWERS);
        FloatVector n = y.add(round);
        FloatVector r = y.sub(n.sub(round));
        FloatVector p =
            FloatVector.broadcast(FLOATS, 0.0013276472f)
                .fma(r, FloatVector.broadcast(FLOATS, 0.009675541f))
                .fma(r, FloatVector.broadcast(FLOATS, 0.055507133f))
                .fma(r, FloatVector.broadcast(FLOATS, 0.2402212f))
                .fma(r, FloatVector.broadcast(FLOATS, 0.69314697f))
                .fma(r, one);
        FloatVector power =
            p.viewAsIntegralLanes()
                .add(n.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, FRACTION_BITS))
                .viewAsFloatingLanes();
        FloatVector far = one.sub(FloatVector.broadcast(FLOATS, 2f).div(power.add(one)));
        far.blend(near, x.abs().compare(VectorOperators.LT, SMALL)).intoArray(into, i);
      }
    }
  }
}
