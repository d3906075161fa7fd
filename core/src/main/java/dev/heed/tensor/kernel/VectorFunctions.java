package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link FloatFunction} by vectors, one loop each so that C2 keeps them in registers. */
final class VectorFunctions {
  private static final float ROOT_HALF = (float) Math.sqrt(0.5);
  private static final float TANH_FACTOR = (float) Math.sqrt(2 / Math.PI);

  /** Beyond it the error function is 1 in single precision. */
  private static final float ERF_BOUND = 3.8325067f;

  private VectorFunctions() {}

  static void apply(FloatFunction function, float[] x, int from, int count) {
    int whole = from + count / LENGTH * LENGTH;
    switch (function) {
      case EXP -> exp(x, from, whole);
      case TANH -> tanh(x, from, whole);
      case SIGMOID -> sigmoid(x, from, whole);
      case SILU -> silu(x, from, whole);
      case ERF -> erf(x, from, whole);
      case GELU -> gelu(x, from, whole);
      case GELU_TANH -> geluTanh(x, from, whole);
    }
    for (int i = whole; i < from + count; i++) {
      x[i] = (float) function.of(x[i]);
    }
  }

  private static void exp(float[] x, int from, int end) {
    for (int i = from; i < end; i += LENGTH) {
      FloatVector.fromArray(FLOATS, x, i).lanewise(VectorOperators.EXP).intoArray(x, i);
    }
  }

  private static void tanh(float[] x, int from, int end) {
    for (int i = from; i < end; i += LENGTH) {
      FloatVector.fromArray(FLOATS, x, i).lanewise(VectorOperators.TANH).intoArray(x, i);
    }
  }

  private static void sigmoid(float[] x, int from, int end) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int i = from; i < end; i += LENGTH) {
      FloatVector power = FloatVector.fromArray(FLOATS, x, i).neg().lanewise(VectorOperators.EXP);
      one.div(power.add(one)).intoArray(x, i);
    }
  }

  private static void silu(float[] x, int from, int end) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int i = from; i < end; i += LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      v.div(v.neg().lanewise(VectorOperators.EXP).add(one)).intoArray(x, i);
    }
  }

  private static void erf(float[] x, int from, int end) {
    for (int i = from; i < end; i += LENGTH) {
      erf(FloatVector.fromArray(FLOATS, x, i)).intoArray(x, i);
    }
  }

  private static void gelu(float[] x, int from, int end) {
    for (int i = from; i < end; i += LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector half = v.mul(0.5f);
      half.fma(erf(v.mul(ROOT_HALF)), half).intoArray(x, i);
    }
  }

  private static void geluTanh(float[] x, int from, int end) {
    for (int i = from; i < end; i += LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector inner = v.mul(v).mul(v).mul(0.044715f).add(v).mul(TANH_FACTOR);
      FloatVector half = v.mul(0.5f);
      half.fma(inner.lanewise(VectorOperators.TANH), half).intoArray(x, i);
    }
  }

  /**
   * {@code x·P(x²)/Q(x²)}, the rational minimax approximation of degrees 6 and 4 (absolute error
   * 3e-7), kept within ±1.
   */
  private static FloatVector erf(FloatVector v) {
    FloatVector x = v.max(-ERF_BOUND).min(ERF_BOUND);
    FloatVector z = x.mul(x);
    FloatVector p =
        FloatVector.broadcast(FLOATS, -2.72614225801306e-10f)
            .fma(z, FloatVector.broadcast(FLOATS, 2.77068142495902e-08f))
            .fma(z, FloatVector.broadcast(FLOATS, -2.10102402082508e-06f))
            .fma(z, FloatVector.broadcast(FLOATS, -5.69250639462346e-05f))
            .fma(z, FloatVector.broadcast(FLOATS, -7.34990630326855e-04f))
            .fma(z, FloatVector.broadcast(FLOATS, -2.95459980854025e-03f))
            .fma(z, FloatVector.broadcast(FLOATS, -1.60960333262415e-02f))
            .mul(x);
    FloatVector q =
        FloatVector.broadcast(FLOATS, -1.45660718464996e-05f)
            .fma(z, FloatVector.broadcast(FLOATS, -2.13374055278905e-04f))
            .fma(z, FloatVector.broadcast(FLOATS, -1.68282697438203e-03f))
            .fma(z, FloatVector.broadcast(FLOATS, -7.37332916720468e-03f))
            .fma(z, FloatVector.broadcast(FLOATS, -1.42647390514189e-02f));
    return p.div(q);
  }
}
