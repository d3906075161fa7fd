package dev.heed.generate.template;

import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters of numbers. */
final class NumberFilters {
  /** Beyond so many places a double has no digits. */
  private static final int MOST_PLACES = 400;

  private static final List<String> DECIMAL_UNITS =
      List.of("kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB");
  private static final List<String> BINARY_UNITS =
      List.of("KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB");

  private NumberFilters() {}

  static Map<String, Filters.Filter> all() {
    return Map.of(
        "abs", NumberFilters::abs,
        "int", NumberFilters::whole,
        "float", NumberFilters::real,
        "round", NumberFilters::round,
        "filesizeformat", NumberFilters::fileSize);
  }

  private static Value.Number number(Value value) {
    if (value instanceof Undefined u) {
      throw u.error();
    }
    if (!(value instanceof Value.Number number)) {
      throw TemplateException.value("expected a number, got " + Types.name(value));
    }
    return number;
  }

  private static Value abs(Value value, Arguments arguments, Environment environment) {
    Value.Number number = number(value);
    return number.whole() ? new Int(number.integer().abs()) : new Real(Math.abs(number.real()));
  }

  private static Value whole(Value value, Arguments arguments, Environment environment) {
    Value otherwise = arguments.take("default", Int.of(0));
    long base = arguments.integer("base", 10);
    if (value instanceof Undefined u) {
      throw u.error();
    }
    if (value instanceof Value.Number number) {
      return !number.whole() && !Double.isFinite(number.real())
          ? otherwise
          : new Int(number.integer());
    }
    if (!(value instanceof Text text)) {
      return otherwise;
    }
    BigInteger parsed = parse(text.value(), (int) base);
    if (parsed != null) {
      return new Int(parsed);
    }
    Double real = parseReal(text.value());
    return real == null || !Double.isFinite(real) ? otherwise : new Int(new Real(real).integer());
  }

  private static @Nullable BigInteger parse(String text, int base) {
    String digits = Stripping.strip(text, null, true, true).toLowerCase(Locale.ROOT);
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "\n";
    if (digits.startsWith(prefix)) {
      digits = digits.substring(2);
    }
    digits = digits.replaceAll("(?<=[0-9a-z])_(?=[0-9a-z])", "");
    if (digits.length() > Arithmetic.MOST_DIGITS || !digits.matches("[0-9a-z]+")) {
      return null;
    }
    try {
      BigInteger value = new BigInteger(digits, base);
      return negative ? value.negate() : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Double parseReal(String text) {
    String digits = Stripping.strip(text, null, true, true).toLowerCase(Locale.ROOT);
    if (digits.matches("[+-]?(inf|infinity)")) {
      return digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (digits.matches("[+-]?nan")) {
      return Double.NaN;
    }
    return digits.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?")
        ? (Double) Double.parseDouble(digits)
        : null;
  }

  private static Value real(Value value, Arguments arguments, Environment environment) {
    Value otherwise = arguments.take("default", new Real(0));
    if (value instanceof Undefined u) {
      throw u.error();
    }
    if (value instanceof Value.Number number) {
      return new Real(number.real());
    }
    Double parsed = value instanceof Text text ? parseReal(text.value()) : null;
    return parsed == null ? otherwise : new Real(parsed);
  }

  private static Value round(Value value, Arguments arguments, Environment environment) {
    long places = arguments.integer("precision", 0);
    String method = arguments.text("method", "common");
    Value.Number number = number(value);
    if (!List.of("common", "ceil", "floor").contains(method)) {
      throw TemplateException.value("method must be common, ceil or floor");
    }
    if (method.equals("common")) {
      boolean exact = places > MOST_PLACES || number.whole() && places >= 0;
      if (exact || !number.whole() && !Double.isFinite(number.real())) {
        return number instanceof Value.Bool ? new Int(number.integer()) : value;
      }
      BigDecimal rounded =
          number.exact().setScale((int) Math.max(places, -MOST_PLACES), RoundingMode.HALF_EVEN);
      return number.whole() ? new Int(rounded.toBigInteger()) : new Real(rounded.doubleValue());
    }
    double scale = Math.pow(10, places);
    double scaled = number.real() * scale;
    double rounded = method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled);
    return new Real(rounded / scale);
  }

  private static Value fileSize(Value value, Arguments arguments, Environment environment) {
    boolean binary = arguments.flag("binary", false);
    Double parsed = value instanceof Text text ? parseReal(text.value()) : null;
    double bytes = number(parsed == null ? value : new Real(parsed)).real();
    double base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return new Text("1 Byte");
    }
    if (bytes < base) {
      return new Text(BigDecimal.valueOf((long) bytes) + " Bytes");
    }
    List<String> units = binary ? BINARY_UNITS : DECIMAL_UNITS;
    double unit = base;
    int at = 0;
    while (at + 1 < units.size() && bytes >= unit * base) {
      unit *= base;
      at++;
    }
    BigDecimal shown = new BigDecimal(bytes / unit).setScale(1, RoundingMode.HALF_EVEN);
    return new Text(shown.toPlainString() + " " + units.get(at));
  }
}
