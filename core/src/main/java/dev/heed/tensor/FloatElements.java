package dev.heed.tensor;

import dev.heed.tensor.ElementOperators.Binary;
import dev.heed.tensor.ElementOperators.Unary;
import dev.heed.tensor.kernel.FloatFunction;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.Kernels;

/** Operators on rows of floats; truth values are 1 and 0. */
final class FloatElements {
  private FloatElements() {}

  /** In place. */
  static void unary(Unary op, float[] x, int n) {
    FloatFunction function = function(op);
    if (function != null) {
      FloatKernel kernel = Kernels.live().kernel();
      kernel.apply(function, x, 0, n);
      return;
    }
    switch (op) {
      case NEG -> {
        for (int i = 0; i < n; i++) {
          x[i] = -x[i];
        }
      }
      case ABS -> {
        for (int i = 0; i < n; i++) {
          x[i] = Math.abs(x[i]);
        }
      }
      case SQRT -> {
        for (int i = 0; i < n; i++) {
          x[i] = (float) Math.sqrt(x[i]);
        }
      }
      case RSQRT -> {
        for (int i = 0; i < n; i++) {
          x[i] = 1 / (float) Math.sqrt(x[i]);
        }
      }
      case SQUARE -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] * x[i];
        }
      }
      case RECIPROCAL -> {
        for (int i = 0; i < n; i++) {
          x[i] = 1 / x[i];
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] <= 0 ? 0 : x[i]; // NaN stays
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          x[i] = (float) DoubleElements.of(op, x[i]);
        }
      }
    }
  }

  private static @org.jspecify.annotations.Nullable FloatFunction function(Unary op) {
    return switch (op) {
      case EXP -> FloatFunction.EXP;
      case TANH -> FloatFunction.TANH;
      case SIGMOID -> FloatFunction.SIGMOID;
      case SILU -> FloatFunction.SILU;
      case ERF -> FloatFunction.ERF;
      case GELU -> FloatFunction.GELU;
      case GELU_TANH -> FloatFunction.GELU_TANH;
      default -> null;
    };
  }

  /** Into {@code x}. */
  static void binary(Binary op, float[] x, float[] y, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          x[i] += y[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          x[i] -= y[i];
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          x[i] *= y[i];
        }
      }
      case DIV -> {
        for (int i = 0; i < n; i++) {
          x[i] /= y[i];
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          x[i] = Math.min(x[i], y[i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          x[i] = Math.max(x[i], y[i]);
        }
      }
      case EQ -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] == y[i] ? 1 : 0;
        }
      }
      case NE -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] != y[i] ? 1 : 0;
        }
      }
      case LT -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] < y[i] ? 1 : 0;
        }
      }
      case LE -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] <= y[i] ? 1 : 0;
        }
      }
      case GT -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] > y[i] ? 1 : 0;
        }
      }
      case GE -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] >= y[i] ? 1 : 0;
        }
      }
      case AND -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] != 0 && y[i] != 0 ? 1 : 0;
        }
      }
      case OR -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] != 0 || y[i] != 0 ? 1 : 0;
        }
      }
      case POW -> {
        for (int i = 0; i < n; i++) {
          x[i] = power(x[i], y[i]);
        }
      }
      case REMAINDER, FLOOR_DIV -> {
        for (int i = 0; i < n; i++) {
          x[i] = divided(op, x[i], y[i]);
        }
      }
    }
  }

  private static float power(float x, float exponent) {
    return exponent == 2 ? x * x : exponent == 3 ? x * x * x : (float) Math.pow(x, exponent);
  }

  /** The quotient rounded down, or what it leaves, in single precision as LibTorch takes them. */
  private static float divided(Binary op, float x, float y) {
    float left = x % y;
    boolean below = left != 0 && (y < 0) != (left < 0);
    if (op == Binary.REMAINDER) {
      return below ? left + y : left;
    }
    if (y == 0) {
      return x / y;
    }
    float quotient = (x - left) / y - (below ? 1 : 0);
    float whole = (float) Math.floor(quotient);
    return quotient == 0 ? Math.copySign(0f, x / y) : quotient - whole > 0.5f ? whole + 1 : whole;
  }
}
