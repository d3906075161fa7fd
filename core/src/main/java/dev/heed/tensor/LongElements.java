package dev.heed.tensor;

import dev.heed.tensor.ElementOperators.Binary;
import dev.heed.tensor.ElementOperators.Unary;

/** Operators on rows of whole numbers; truth values are 1 and 0. */
final class LongElements {
  private LongElements() {}

  /** In place. */
  static void unary(Unary op, long[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = of(op, x[i]);
    }
  }

  private static long of(Unary op, long x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Long.signum(x);
      case SQUARE -> x * x;
      case RELU -> Math.max(0, x);
      case FLOOR, CEIL, ROUND -> x;
      case NOT -> x == 0 ? 1 : 0;
      case IS_NAN -> 0;
      case IS_FINITE -> 1;
      default -> throw new IllegalArgumentException(op + " of whole numbers is a fraction");
    };
  }

  /** Into {@code x}. */
  static void binary(Binary op, long[] x, long[] y, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = of(op, x[i], y[i]);
    }
  }

  static long of(Binary op, long x, long y) {
    return switch (op) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case REMAINDER -> Math.floorMod(x, nonZero(op, y));
      case FLOOR_DIV -> Math.floorDiv(x, nonZero(op, y));
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
      case POW -> power(x, y);
      case DIV -> throw new IllegalArgumentException("a quotient is a fraction");
    };
  }

  private static long nonZero(Binary op, long y) {
    if (y == 0) {
      throw new TensorException(op.label + ": expected a whole divisor other than 0, got 0");
    }
    return y;
  }

  private static long power(long x, long exponent) {
    if (exponent < 0) {
      return x == 1 ? 1 : x == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    long square = x;
    for (long left = exponent; left > 0; left >>= 1) {
      result *= (left & 1) == 1 ? square : 1;
      square *= square;
    }
    return result;
  }
}
