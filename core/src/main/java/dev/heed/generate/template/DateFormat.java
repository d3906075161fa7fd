package dev.heed.generate.template;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Dates as C's {@code strftime} writes them, in English. */
final class DateFormat {
  private DateFormat() {}

  static String format(String format, LocalDateTime time) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        text.append(c);
        continue;
      }
      char directive = format.charAt(++i);
      boolean bare = directive == '-' && i + 1 < format.length();
      String part = part(bare ? format.charAt(++i) : directive, time);
      text.append(bare ? part.replaceFirst("^0+(?=.)", "") : part);
    }
    return text.toString();
  }

  private static String part(char directive, LocalDateTime t) {
    return switch (directive) {
      case 'Y' -> String.valueOf(t.getYear());
      case 'y' -> digits(Math.floorMod(t.getYear(), 100), 2);
      case 'C' -> digits(t.getYear() / 100, 2);
      case 'm' -> digits(t.getMonthValue(), 2);
      case 'd' -> digits(t.getDayOfMonth(), 2);
      case 'e' -> spaced(t.getDayOfMonth());
      case 'H' -> digits(t.getHour(), 2);
      case 'k' -> spaced(t.getHour());
      case 'I' -> digits(t.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2);
      case 'l' -> spaced(t.get(ChronoField.CLOCK_HOUR_OF_AMPM));
      case 'M' -> digits(t.getMinute(), 2);
      case 'S' -> digits(t.getSecond(), 2);
      case 'f' -> digits(t.getNano() / 1000, 6);
      case 'p' -> t.getHour() < 12 ? "AM" : "PM";
      case 'P' -> t.getHour() < 12 ? "am" : "pm";
      case 'j' -> digits(t.getDayOfYear(), 3);
      case 'A' -> t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> t.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> t.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH).substring(0, 3);
      case 'u' -> String.valueOf(t.getDayOfWeek().getValue());
      case 'w' -> String.valueOf(t.getDayOfWeek().getValue() % 7);
      case 'U' -> digits((t.getDayOfYear() + 6 - t.getDayOfWeek().getValue() % 7) / 7, 2);
      case 'W' -> digits((t.getDayOfYear() + 6 - (t.getDayOfWeek().getValue() - 1)) / 7, 2);
      case 'V' -> digits(t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
      case 'G' -> String.valueOf(t.get(IsoFields.WEEK_BASED_YEAR));
      case 'D', 'x' -> format("%m/%d/%y", t);
      case 'F' -> format("%Y-%m-%d", t);
      case 'T', 'X' -> format("%H:%M:%S", t);
      case 'R' -> format("%H:%M", t);
      case 'r' -> format("%I:%M:%S %p", t);
      case 'c' -> format("%a %b %e %H:%M:%S %Y", t);
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'z', 'Z' -> "";
      case '%' -> "%";
      default -> "%" + directive;
    };
  }

  private static String digits(int value, int width) {
    String digits = String.valueOf(value);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  private static String spaced(int value) {
    return value < 10 ? " " + value : String.valueOf(value);
  }
}
