package dev.heed.text.pattern;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Writes an expression of another dialect in Java's syntax, for a pattern with {@link
 * Pattern#UNICODE_CHARACTER_CLASS}.
 *
 * <p>Sources: Oniguruma's {@code doc/RE} (Ruby syntax), the Rust crate regex's documentation. What
 * Java lacks (absent operators, calls of groups, {@code \K}, conditions) is an error.
 */
final class RegexTranslation {
  private static final Pattern INTERVAL = Pattern.compile("\\{(\\d*)(,?)(\\d*)}");
  private static final int DEEPEST = 250;
  // An alternative that never matches. Only in an expression with such a character does Java not
  // begin a match, or look behind, in the middle of a surrogate pair.
  private static final String WHOLE_CHARACTERS = "|(?!)\ud800\udc00";

  private final RegexDialect dialect;
  private final String regex;
  private final StringBuilder out = new StringBuilder();
  private final Deque<Group> groups = new ArrayDeque<>();
  private int at;
  // Where the last atom begins in the output, for a repetition of a repetition.
  private int atom;

  /** An open group: where it begins in the output, and how many parentheses end it. */
  private record Group(int start, int closing) {}

  RegexTranslation(RegexDialect dialect, String regex) {
    this.dialect = dialect;
    this.regex = regex;
  }

  /**
   * Translates.
   *
   * @throws PatternSyntaxException for what cannot be translated
   */
  String java() {
    groups.push(new Group(0, 0));
    while (at < regex.length()) {
      step();
    }
    if (groups.size() != 1) {
      throw error("an open group");
    }
    return out + ")".repeat(groups.pop().closing()) + WHOLE_CHARACTERS;
  }

  private void step() {
    char c = regex.charAt(at);
    switch (c) {
      case '\\' -> {
        atom = out.length();
        at = new RegexEscape(dialect, regex, at).append(out, false);
      }
      case '[' -> {
        atom = out.length();
        characterClass();
      }
      case '(' -> open();
      case ')' -> close();
      case '{' -> interval();
      case '?', '*', '+' -> {
        out.append(c);
        at++;
        if (at < regex.length() && "?+".indexOf(regex.charAt(at)) >= 0) {
          out.append(regex.charAt(at++));
        }
      }
      default -> {
        atom = out.length();
        int codePoint = regex.codePointAt(at);
        out.appendCodePoint(codePoint);
        at += Character.charCount(codePoint);
      }
    }
  }

  private void interval() {
    Matcher interval = INTERVAL.matcher(regex).region(at, regex.length());
    boolean counts =
        interval.lookingAt() && (!interval.group(1).isEmpty() || !interval.group(3).isEmpty());
    if (!counts) {
      atom = out.length();
      out.append("\\{");
      at++;
      return;
    }
    String least = interval.group(1).isEmpty() ? "0" : interval.group(1);
    out.append('{').append(least).append(interval.group(2)).append(interval.group(3)).append('}');
    at = interval.end();
    boolean exact = interval.group(2).isEmpty();
    char next = at < regex.length() ? regex.charAt(at) : ' ';
    if (dialect == RegexDialect.ONIGURUMA && (next == '+' || (next == '?' && exact))) {
      out.insert(atom, "(?:").append(')');
    } else if (next == '?' || next == '+') {
      out.append(next);
      at++;
    }
  }

  private void open() {
    int start = out.length();
    if (regex.startsWith("(?#", at)) {
      int end = regex.indexOf(')', at);
      at = end < 0 ? regex.length() : end + 1;
      return;
    }
    if (!regex.startsWith("(?", at)) {
      push(start, "(", at + 1);
      return;
    }
    for (String plain : new String[] {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
      if (regex.startsWith(plain, at)) {
        push(start, plain, at + plain.length());
        return;
      }
    }
    boolean named = regex.startsWith("(?<", at) || regex.startsWith("(?P<", at);
    int end = named ? regex.indexOf('>', at) : -1;
    if (end > 0) { // nothing can refer to it by its name here
      push(start, "(", end + 1);
    } else {
      flags();
    }
  }

  private void push(int start, String opening, int next) {
    if (groups.size() > DEEPEST) {
      throw error("more than " + DEEPEST + " groups in each other");
    }
    groups.push(new Group(start, 1));
    out.append(opening);
    at = next;
  }

  private void flags() {
    int start = out.length();
    int end = at + 2;
    StringBuilder flags = new StringBuilder("(?");
    while (end < regex.length() && ":)".indexOf(regex.charAt(end)) < 0) {
      flags.append(flag(regex.charAt(end++)));
    }
    if (end == regex.length()) {
      throw error("an open group");
    }
    if (regex.charAt(end) == ':') {
      push(start, flags.append(':').toString(), end + 1);
      return;
    }
    // Flags by themselves reach to the end of the group, alternatives included.
    Group group = groups.pop();
    groups.push(new Group(group.start(), group.closing() + 1));
    out.append(flags).append(':');
    at = end + 1;
  }

  private String flag(char flag) {
    boolean ruby = dialect == RegexDialect.ONIGURUMA;
    return switch (flag) {
      case '-', 'i', 'x' -> String.valueOf(flag);
      case 'm' -> ruby ? "s" : "m";
      case 's' -> ruby ? refuse(flag) : "s";
      case 'u' -> ruby ? refuse(flag) : "";
      default -> refuse(flag);
    };
  }

  private String refuse(char flag) {
    throw error("a group (?" + flag);
  }

  private void close() {
    Group group = groups.pop();
    if (groups.isEmpty()) {
      throw error("an unmatched parenthesis");
    }
    out.append(")".repeat(group.closing()));
    atom = group.start();
    at++;
  }

  private void characterClass() {
    int depth = 0;
    do {
      if (at >= regex.length()) {
        throw error("an open character class");
      }
      char c = regex.charAt(at);
      if (c == '\\') {
        at = new RegexEscape(dialect, regex, at).append(out, true);
      } else if (regex.startsWith("[:", at)) {
        posix();
      } else {
        depth += c == '[' ? 1 : c == ']' && !begins() ? -1 : 0;
        if (depth > DEEPEST) {
          throw error("more than " + DEEPEST + " character classes in each other");
        }
        out.append(c);
        at++;
      }
    } while (depth > 0);
  }

  /** Whether a bracket is the first thing in its class, where it stands for itself. */
  private boolean begins() {
    int last = out.length() - 1;
    return out.charAt(last) == '[' || (out.charAt(last) == '^' && out.charAt(last - 1) == '[');
  }

  private void posix() {
    int end = regex.indexOf(":]", at + 2);
    if (end < 0) {
      throw error("an open POSIX bracket");
    }
    boolean not = regex.charAt(at + 2) == '^';
    String name = regex.substring(at + (not ? 3 : 2), end);
    out.append(
        RegexProperty.posix(name, not).orElseThrow(() -> error("a character class " + name)));
    at = end + 2;
  }

  private PatternSyntaxException error(String what) {
    return new PatternSyntaxException(what, regex, at);
  }
}
