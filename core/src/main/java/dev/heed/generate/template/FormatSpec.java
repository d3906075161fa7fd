package dev.heed.generate.template;

import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Int;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * How one value is written in a format.
 *
 * @param fill what fills the width
 * @param align one of {@code < > ^ =}
 * @param sign one of {@code + -} and a blank
 * @param alternate whether a radix has its prefix
 * @param width fewest characters
 * @param grouping what stands between thousands, or nothing
 * @param precision digits or characters, -1 for none
 * @param type a letter, or 0 for none
 */
record FormatSpec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    long width,
    String grouping,
    int precision,
    char type) {
  /** More digits than this no value has. */
  private static final int MOST_PRECISION = 1_000;

  FormatSpec {
    if (precision > MOST_PRECISION) {
      throw TemplateException.limit("digits in a number", MOST_PRECISION);
    }
  }

  String format(Value value, Environment environment) {
    boolean text = value instanceof Value.Text || !(value instanceof Value.Number);
    if (text || value instanceof Bool && type == 0) {
      if (type != 0 && type != 's') {
        throw TemplateException.value(
            "unknown format code '" + type + "' for object of type '" + Types.name(value) + "'");
      }
      String shown = environment.str(value);
      int most = precision < 0 ? Integer.MAX_VALUE : precision;
      if (shown.codePointCount(0, shown.length()) > most) {
        shown = shown.substring(0, shown.offsetByCodePoints(0, most));
      }
      return filled(shown, align == 0 ? '<' : align, environment);
    }
    Value.Number number = (Value.Number) value;
    String digits =
        number.whole() && "eEfFgG%".indexOf(type) < 0 || number.whole() && type == 0
            ? whole(number.integer().abs())
            : real(Math.abs(number.real()));
    boolean negative =
        number.whole() ? number.integer().signum() < 0 : 1 / number.real() < 0 || number.real() < 0;
    String before = negative ? "-" : sign == '+' ? "+" : sign == ' ' ? " " : "";
    if (align == '=') {
      long missing = width - before.length() - digits.length();
      return before + fillTimes(missing, environment) + digits;
    }
    return filled(before + digits, align == 0 ? '>' : align, environment);
  }

  private String whole(BigInteger value) {
    return switch (type) {
      case 0, 'd', 'n', 'i', 'u' -> grouped(value.toString());
      case 'b' -> (alternate ? "0b" : "") + value.toString(2);
      case 'o' -> (alternate ? "0o" : "") + value.toString(8);
      case 'x' -> (alternate ? "0x" : "") + value.toString(16);
      case 'X' -> (alternate ? "0X" : "") + value.toString(16).toUpperCase(Locale.ROOT);
      case 'c' -> Character.toString(value.intValueExact());
      default -> throw unknown("int");
    };
  }

  private TemplateException unknown(String what) {
    return TemplateException.value(
        "unknown format code '" + type + "' for object of type '" + what + "'");
  }

  private String real(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "nan" : "inf";
    }
    int digits = precision < 0 ? 6 : precision;
    return switch (type) {
      case 'f', 'F' -> grouped(fixed(value, digits));
      case 'e', 'E' -> exponent(value, digits);
      case 'g', 'G' -> general(value, Math.max(1, digits));
      case '%' -> fixed(value * 100, digits) + "%";
      case 0 -> precision < 0 ? grouped(Printing.real(value)) : general(value, Math.max(1, digits));
      default -> throw unknown("float");
    };
  }

  private static String fixed(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  private String exponent(double value, int digits) {
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    int power = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String shown =
        rounded.movePointLeft(power).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    String size = (Math.abs(power) < 10 ? "0" : "") + Math.abs(power);
    return shown + (type == 'E' ? "E" : "e") + (power < 0 ? "-" : "+") + size;
  }

  private String general(double value, int digits) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    int power = rounded.precision() - rounded.scale() - 1;
    if (power < -4 || power >= digits) {
      String shown =
          new FormatSpec("", ' ', '-', false, 0, "", digits - 1, type == 'G' ? 'E' : 'e')
              .exponent(value, digits - 1);
      int at = shown.indexOf(type == 'G' ? 'E' : 'e');
      return trimmed(shown.substring(0, at)) + shown.substring(at);
    }
    return trimmed(rounded.toPlainString());
  }

  private static String trimmed(String digits) {
    return digits.contains(".") ? digits.replaceFirst("\\.?0+$", "") : digits;
  }

  private String grouped(String digits) {
    if (grouping.isEmpty()) {
      return digits;
    }
    int point = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
    StringBuilder shown = new StringBuilder(digits);
    for (int i = point - 3; i > 0; i -= 3) {
      shown.insert(i, grouping);
    }
    return shown.toString();
  }

  private String filled(String shown, char where, Environment environment) {
    long missing = width - shown.codePointCount(0, shown.length());
    if (missing <= 0) {
      return shown;
    }
    return switch (where) {
      case '<' -> shown + fillTimes(missing, environment);
      case '^' ->
          fillTimes(missing / 2, environment)
              + shown
              + fillTimes(missing - missing / 2, environment);
      default -> fillTimes(missing, environment) + shown;
    };
  }

  private String fillTimes(long times, Environment environment) {
    return environment.arithmetic().repeat(fill, Int.of(Math.max(0, times)));
  }
}
