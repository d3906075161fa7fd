package dev.heed.text.pattern;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of Unicode properties, as other dialects write them, in Java's spelling. */
final class RegexProperty {
  private static final String[] CATEGORIES = {
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
    "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C",
    "Cc", "Cf", "Cs", "Co", "Cn", "LC"
  };

  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("letter", "L"),
          Map.entry("uppercaseletter", "Lu"),
          Map.entry("lowercaseletter", "Ll"),
          Map.entry("titlecaseletter", "Lt"),
          Map.entry("modifierletter", "Lm"),
          Map.entry("otherletter", "Lo"),
          Map.entry("mark", "M"),
          Map.entry("nonspacingmark", "Mn"),
          Map.entry("spacingmark", "Mc"),
          Map.entry("enclosingmark", "Me"),
          Map.entry("number", "N"),
          Map.entry("decimalnumber", "Nd"),
          Map.entry("letternumber", "Nl"),
          Map.entry("othernumber", "No"),
          Map.entry("punctuation", "P"),
          Map.entry("punct", "P"),
          Map.entry("symbol", "S"),
          Map.entry("separator", "Z"),
          Map.entry("other", "C"),
          Map.entry("control", "Cc"),
          Map.entry("format", "Cf"),
          Map.entry("unassigned", "Cn"));

  private RegexProperty() {}

  /**
   * Writes a class for a property.
   *
   * @param name a general category, a script, or another property; case and separators are free
   * @param not whether to match what does not have it
   * @return nothing for a name that Java does not know
   */
  static Optional<String> java(String name, boolean not) {
    String plain = name.replaceAll("[ _-]", "").toLowerCase(Locale.ROOT);
    String prefix = not ? "\\P{" : "\\p{";
    for (String category : CATEGORIES) {
      if (category.toLowerCase(Locale.ROOT).equals(plain)) {
        return Optional.of(prefix + category + "}");
      }
    }
    if (LONG_NAMES.containsKey(plain)) {
      return Optional.of(prefix + LONG_NAMES.get(plain) + "}");
    }
    if (plain.equals("any")) {
      return Optional.of(not ? "[^\\x{0}-\\x{10FFFF}]" : "[\\x{0}-\\x{10FFFF}]");
    }
    if (!name.matches("[A-Za-z0-9_ ]+")) {
      return Optional.empty();
    }
    String posix =
        Character.toUpperCase(plain.isEmpty() ? ' ' : plain.charAt(0))
            + plain.substring(Math.min(1, plain.length()));
    for (String candidate :
        new String[] {"Is" + name.replace(' ', '_'), posix.equals("Xdigit") ? "XDigit" : posix}) {
      if (compiles(prefix + candidate + "}")) {
        return Optional.of(prefix + candidate + "}");
      }
    }
    return Optional.empty();
  }

  /** Writes a class for the name of a POSIX bracket, some of which are more than the property. */
  static Optional<String> posix(String name, boolean not) {
    String open = not ? "[^" : "[";
    return switch (name) {
      case "punct" -> Optional.of(open + "\\p{P}\\p{S}]");
      case "xdigit" -> Optional.of(open + "0-9a-fA-F]");
      case "word" -> Optional.of(open + "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}]");
      default -> java(name, not);
    };
  }

  private static boolean compiles(String property) {
    try {
      Pattern.compile(property, Pattern.UNICODE_CHARACTER_CLASS);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
