package dev.heed.tensor;

import dev.heed.tensor.ElementOperators.Binary;
import dev.heed.tensor.ElementOperators.Unary;
import dev.heed.tensor.kernel.ErrorFunction;
import dev.heed.tensor.kernel.FloatFunction;

/** Operators on rows of doubles; truth values are 1 and 0. */
final class DoubleElements {
  /** From here on LibTorch's softplus is its argument. */
  private static final double LINEAR = 20;

  private DoubleElements() {}

  /** In place. */
  static void unary(Unary op, double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = of(op, x[i]);
    }
  }

  static double of(Unary op, double x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> x > 0 ? 1 : x < 0 ? -1 : Double.isNaN(x) ? 0 : x;
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case EXPM1 -> Math.expm1(x);
      case LOG1P -> Math.log1p(x);
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case SQUARE -> x * x;
      case RECIPROCAL -> 1 / x;
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TANH -> FloatFunction.TANH.of(x);
      case SIGMOID -> FloatFunction.SIGMOID.of(x);
      case RELU -> x <= 0 ? 0 : x;
      case ERF -> ErrorFunction.of(x);
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      case GELU -> FloatFunction.GELU.of(x);
      case GELU_TANH -> FloatFunction.GELU_TANH.of(x);
      case SILU -> FloatFunction.SILU.of(x);
      case SOFTPLUS -> x > LINEAR ? x : Math.log1p(Math.exp(x));
      case ELU -> x > 0 ? x : Math.expm1(x);
      case NOT -> x == 0 ? 1 : 0;
      case IS_NAN -> Double.isNaN(x) ? 1 : 0;
      case IS_FINITE -> Double.isFinite(x) ? 1 : 0;
    };
  }

  /** Into {@code x}. */
  static void binary(Binary op, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = of(op, x[i], y[i]);
    }
  }

  static double of(Binary op, double x, double y) {
    return switch (op) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case POW -> y == 2 ? x * x : Math.pow(x, y);
      case REMAINDER -> remainder(x, y);
      case FLOOR_DIV -> floorDiv(x, y);
      case MINIMUM -> Math.min(x, y);
      case MAXIMUM -> Math.max(x, y);
      case EQ -> x == y ? 1 : 0;
      case NE -> x != y ? 1 : 0;
      case LT -> x < y ? 1 : 0;
      case LE -> x <= y ? 1 : 0;
      case GT -> x > y ? 1 : 0;
      case GE -> x >= y ? 1 : 0;
      case AND -> x != 0 && y != 0 ? 1 : 0;
      case OR -> x != 0 || y != 0 ? 1 : 0;
    };
  }

  private static double remainder(double x, double y) {
    double left = x % y;
    return left != 0 && (y < 0) != (left < 0) ? left + y : left;
  }

  private static double floorDiv(double x, double y) {
    if (y == 0) {
      return x / y;
    }
    double left = x % y;
    double quotient = (x - left) / y - (left != 0 && (y < 0) != (left < 0) ? 1 : 0);
    if (quotient == 0) {
      return Math.copySign(0.0, x / y);
    }
    double whole = Math.floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
  }
}
