package dev.heed.generate.template;

import dev.heed.generate.template.Value.Attributed;
import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Callable;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Generator;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Range;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Map;

/** Values as Python prints them; every character is announced before it is made. */
final class Printing {
  /** Numbers from this power of ten on, and below the other, have an exponent. */
  private static final int LARGE = 16;

  private static final int SMALL = -4;

  private final StringBuilder text = new StringBuilder();
  private final Budget budget;

  private Printing(Budget budget) {
    this.budget = budget;
  }

  /** Python's {@code str}. */
  static String str(Value value, Budget budget) {
    return switch (value) {
      case Text t -> t.value();
      case Undefined u -> "";
      default -> repr(value, budget);
    };
  }

  /** Python's {@code repr}. */
  static String repr(Value value, Budget budget) {
    Printing printing = new Printing(budget);
    printing.print(value);
    return printing.text.toString();
  }

  private void print(Value value) {
    switch (value) {
      case Undefined u -> add("Undefined");
      case None n -> add("None");
      case Bool b -> add(b.value() ? "True" : "False");
      case Int i -> add(i.integer().toString());
      case Real r -> add(real(r.real()));
      case Text t -> add(repr(t.value()));
      case Items i -> items(i);
      case Dict d -> dict(d);
      case Range r -> add(range(r));
      case Generator g -> add("<generator object>");
      case Attributed a -> add("<" + a.type() + ">");
      case Callable c -> add("<function " + c.name() + ">");
    }
  }

  private void add(String piece) {
    budget.make(piece.length());
    text.append(piece);
  }

  private void items(Items items) {
    boolean tuple = items.kind() == Items.Kind.TUPLE;
    boolean list = items.kind() == Items.Kind.LIST;
    String open = tuple ? "(" : list ? "[" : Types.name(items) + "([";
    String close = tuple ? ")" : list ? "]" : "])";
    add(open);
    String separator = "";
    for (Value element : items.elements()) {
      add(separator);
      print(element);
      separator = ", ";
    }
    add(tuple && items.elements().size() == 1 ? ",)" : close);
  }

  private void dict(Dict dict) {
    add("{");
    String separator = "";
    for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
      add(separator);
      print(entry.getKey());
      add(": ");
      print(entry.getValue());
      separator = ", ";
    }
    add("}");
  }

  private static String range(Range range) {
    return "range("
        + range.start()
        + ", "
        + range.stop()
        + (range.step() == 1 ? "" : ", " + range.step())
        + ")";
  }

  /** A fractional number: the shortest digits that give it again. */
  static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent < SMALL || exponent >= LARGE) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      String size = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : "" + Math.abs(exponent);
      return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + size;
    }
    String plain = shortest.abs().toPlainString();
    return sign + (plain.contains(".") ? plain : plain + ".0");
  }

  /** A text between quotes. */
  static String repr(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder shown = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints()
        .forEach(c -> {
          if (c == quote || c == '\\') {
            shown.append('\\').append((char) c);
          } else if (c == '\n') {
            shown.append("\\n");
          } else if (c == '\r') {
            shown.append("\\r");
          } else if (c == '\t') {
            shown.append("\\t");
          } else if (Characters.isPrintable(c)) {
            shown.appendCodePoint(c);
          } else if (c < 0x100) {
            shown.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
          } else if (c < 0x10000) {
            shown.append("\\u").append(HexFormat.of().toHexDigits((short) c));
          } else {
            shown.append("\\U").append(HexFormat.of().toHexDigits(c));
          }
        });
    return shown.append(quote).toString();
  }
}
