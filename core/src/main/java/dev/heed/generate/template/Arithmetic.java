package dev.heed.generate.template;

import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The operators of numbers, texts and lists, with Python's results. */
final class Arithmetic {
  /** Whole numbers may have so many digits. */
  static final int MOST_DIGITS = 4_300;

  private static final int MOST_BITS = (int) (MOST_DIGITS * 3.33);
  private static final MathContext DIVISION = new MathContext(60);

  private final Budget budget;

  Arithmetic(Budget budget) {
    this.budget = budget;
  }

  Value binary(String operator, Value left, Value right) {
    if (left instanceof Undefined u) {
      throw u.error();
    }
    if (right instanceof Undefined u && !(left instanceof Text && operator.equals("%"))) {
      throw u.error();
    }
    if (left instanceof Value.Number a && right instanceof Value.Number b) {
      return a.whole() && b.whole() ? whole(operator, a, b) : real(operator, a.real(), b.real());
    }
    return switch (operator) {
      case "+" -> sum(left, right);
      case "*" ->
          left instanceof Value.Number
              ? repeated(right, left, left, right)
              : repeated(left, right, left, right);
      case "%" ->
          left instanceof Text t
              ? new Text(new PercentFormat(budget).format(t.value(), right))
              : unsupported(operator, left, right);
      default -> unsupported(operator, left, right);
    };
  }

  Value signed(String sign, Value value) {
    if (value instanceof Undefined u) {
      throw u.error();
    }
    if (!(value instanceof Value.Number number)) {
      throw TemplateException.value(
          "bad operand type for unary " + sign + ": " + Types.name(value));
    }
    if (number instanceof Real real) {
      return sign.equals("-") ? new Real(-real.real()) : real;
    }
    return new Int(sign.equals("-") ? number.integer().negate() : number.integer());
  }

  private static Value unsupported(String operator, Value left, Value right) {
    throw TemplateException.value(
        "unsupported operand type(s) for "
            + operator
            + ": '"
            + Types.name(left)
            + "' and '"
            + Types.name(right)
            + "'");
  }

  private Value sum(Value left, Value right) {
    if (left instanceof Text a && right instanceof Text b) {
      budget.make((long) a.value().length() + b.value().length());
      return new Text(a.value() + b.value());
    }
    if (left instanceof Items a
        && right instanceof Items b
        && a.indexed()
        && a.kind() == b.kind()) {
      budget.make((long) a.elements().size() + b.elements().size());
      List<Value> all = new ArrayList<>(a.elements());
      all.addAll(b.elements());
      return new Items(all, a.kind(), List.of());
    }
    return unsupported("+", left, right);
  }

  private Value repeated(Value sequence, Value count, Value left, Value right) {
    if (!(count instanceof Value.Number times) || !times.whole()) {
      return unsupported("*", left, right);
    }
    if (sequence instanceof Text text) {
      return new Text(repeat(text.value(), count));
    }
    if (sequence instanceof Items items && items.indexed()) {
      int n = times(items.elements().size(), count);
      List<Value> all = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        all.addAll(items.elements());
      }
      return new Items(all, items.kind(), List.of());
    }
    return unsupported("*", left, right);
  }

  /** A text so many times. */
  String repeat(String text, Value count) {
    return text.repeat(times(text.length(), count));
  }

  private int times(int length, Value count) {
    long n = Math.max(0, Types.integer("repetitions", count));
    budget.make(Math.max(1, length), n);
    return (int) n;
  }

  private static Value whole(String operator, Value.Number left, Value.Number right) {
    BigInteger a = left.integer();
    BigInteger b = right.integer();
    return switch (operator) {
      case "+" -> bounded(a.add(b));
      case "-" -> bounded(a.subtract(b));
      case "*" -> {
        requireBits((long) a.bitLength() + b.bitLength());
        yield bounded(a.multiply(b));
      }
      case "/" -> {
        nonZero(b.signum() == 0);
        boolean negativeZero = a.signum() == 0 && b.signum() < 0;
        yield new Real(
            negativeZero
                ? -0.0
                : new BigDecimal(a).divide(new BigDecimal(b), DIVISION).doubleValue());
      }
      case "//" -> {
        nonZero(b.signum() == 0);
        yield new Int(floor(a, b)[0]);
      }
      case "%" -> {
        nonZero(b.signum() == 0);
        yield new Int(floor(a, b)[1]);
      }
      case "**" -> power(a, b);
      default -> throw new IllegalStateException(operator);
    };
  }

  private static BigInteger[] floor(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.divideAndRemainder(b);
    if (parts[1].signum() != 0 && parts[1].signum() != b.signum()) {
      return new BigInteger[] {parts[0].subtract(BigInteger.ONE), parts[1].add(b)};
    }
    return parts;
  }

  private static Value power(BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      nonZero(a.signum() == 0);
      return new Real(Math.pow(a.doubleValue(), b.doubleValue()));
    }
    if (a.bitLength() <= 1 && a.signum() >= 0) {
      return new Int(b.signum() == 0 ? BigInteger.ONE : a);
    }
    if (b.bitLength() > 31) {
      throw TemplateException.limit("digits in a number", MOST_DIGITS);
    }
    requireBits((long) a.bitLength() * b.intValue());
    return bounded(a.pow(b.intValue()));
  }

  private static void requireBits(long bits) {
    if (bits > 2L * MOST_BITS) {
      throw TemplateException.limit("digits in a number", MOST_DIGITS);
    }
  }

  private static Int bounded(BigInteger value) {
    if (value.bitLength() > MOST_BITS) {
      throw TemplateException.limit("digits in a number", MOST_DIGITS);
    }
    return new Int(value);
  }

  private static Value real(String operator, double a, double b) {
    return new Real(
        switch (operator) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> {
            nonZero(b == 0);
            yield a / b;
          }
          case "//" -> {
            nonZero(b == 0);
            yield Math.floor(a / b);
          }
          case "%" -> {
            nonZero(b == 0);
            double rest = a % b;
            yield rest == 0 ? Math.copySign(0, b) : rest < 0 != b < 0 ? rest + b : rest;
          }
          case "**" -> {
            if (a < 0 && b != Math.rint(b)) {
              throw TemplateException.value("a negative number has no fractional power");
            }
            nonZero(a == 0 && b < 0);
            yield Math.pow(a, b);
          }
          default -> throw new IllegalStateException(operator);
        });
  }

  private static void nonZero(boolean zero) {
    if (zero) {
      throw TemplateException.value("division by zero");
    }
  }
}
