package dev.heed.generate.template;

import dev.heed.generate.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts what stands inside a tag into names, numbers, strings and operators. */
final class ExpressionLexer {
  // Possessive, so that no input makes them go back.
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<float>[0-9]++(?:_[0-9]++)*+(?:\\.[0-9]++(?:_[0-9]++)*+(?:[eE][+-]?[0-9]++)?"
              + "|[eE][+-]?[0-9]++))"
              + "|(?<int>0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++"
              + "|[1-9](?:_?[0-9])*+|0(?:_?0)*+)");

  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final String closing;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private int line;

  /** Reads up to where the tag's closing, or the sign before it, begins. */
  ExpressionLexer(String source, int start, int line, String closing) {
    this.source = source;
    this.at = start;
    this.line = line;
    this.closing = closing;
    run();
  }

  List<Token> tokens() {
    return tokens;
  }

  /** Where the closing begins, with its sign. */
  int end() {
    return at;
  }

  private void run() {
    while (true) {
      while (at < source.length() && Characters.isSpace(source.charAt(at))) {
        line += source.charAt(at) == '\n' ? 1 : 0;
        at++;
      }
      if (at >= source.length()) {
        throw TemplateException.syntax(
            line, "expected the end '" + closing + "' of a tag, got the end of the template");
      }
      if (open.isEmpty() && closes()) {
        return;
      }
      token();
    }
  }

  private boolean closes() {
    return source.startsWith(closing, at)
        || source.startsWith("-" + closing, at)
        || closing.equals("%}") && source.startsWith("+" + closing, at);
  }

  private void token() {
    int c = source.codePointAt(at);
    if (c == '\'' || c == '"') {
      string((char) c);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (Characters.isNameStart(c)) {
      int start = at;
      while (at < source.length() && Characters.isNamePart(source.codePointAt(at))) {
        at += Character.charCount(source.codePointAt(at));
      }
      add(Kind.NAME, source.substring(start, at));
    } else {
      operator();
    }
  }

  private void number() {
    Matcher matcher = NUMBER.matcher(source).region(at, source.length());
    // after a dot, as in a.0.1, only whole numbers stand
    boolean afterDot = !tokens.isEmpty() && tokens.getLast().is(".");
    if (!matcher.lookingAt()) {
      throw TemplateException.syntax(line, "expected a number, got " + source.charAt(at));
    }
    String text = matcher.group();
    boolean real = matcher.group("float") != null;
    if (afterDot && real) {
      text = text.substring(0, text.indexOf('.') < 0 ? text.length() : text.indexOf('.'));
      real = false;
    }
    at += text.length();
    add(real ? Kind.FLOAT : Kind.INTEGER, text.replace("_", ""));
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        balance(operator);
        at += operator.length();
        add(Kind.OPERATOR, operator);
        return;
      }
    }
    throw TemplateException.syntax(
        line, "unexpected character " + Printing.repr(Character.toString(source.codePointAt(at))));
  }

  private void balance(String operator) {
    switch (operator) {
      case "(" -> open.push(')');
      case "[" -> open.push(']');
      case "{" -> open.push('}');
      case ")", "]", "}" -> {
        if (open.isEmpty() || open.pop() != operator.charAt(0)) {
          throw TemplateException.syntax(line, "unexpected '" + operator + "'");
        }
      }
      default -> {}
    }
  }

  private void string(char quote) {
    int first = line;
    StringBuilder text = new StringBuilder();
    at++;
    while (at < source.length() && source.charAt(at) != quote) {
      char c = source.charAt(at++);
      line += c == '\n' ? 1 : 0;
      if (c == '\\') {
        escape(text);
      } else {
        text.append(c);
      }
    }
    if (at >= source.length()) {
      throw TemplateException.syntax(first, "expected the end " + quote + " of a string, got none");
    }
    at++;
    add(Kind.STRING, text.toString());
  }

  private void escape(StringBuilder text) {
    if (at >= source.length()) {
      return;
    }
    char c = source.charAt(at++);
    line += c == '\n' ? 1 : 0;
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> text.append(c);
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'v' -> text.append('\u000b');
      case 'x' -> text.appendCodePoint(code(2));
      case 'u' -> text.appendCodePoint(code(4));
      case 'U' -> text.appendCodePoint(code(8));
      case 'N' -> text.appendCodePoint(named());
      case '0', '1', '2', '3', '4', '5', '6', '7' -> text.append((char) octal());
      default -> text.append('\\').append(c);
    }
  }

  private int octal() {
    int start = --at;
    while (at < source.length() && at - start < 3 && "01234567".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
    return Integer.parseInt(source.substring(start, at), 8);
  }

  private int code(int digits) {
    int end = at + digits;
    String hex = end <= source.length() ? source.substring(at, end) : "";
    if (!hex.matches("[0-9a-fA-F]+")
        || !Character.isValidCodePoint(Integer.parseUnsignedInt(hex, 16))) {
      throw TemplateException.syntax(
          line, "expected an escape of " + digits + " hexadecimal digits, got another");
    }
    at = end;
    return Integer.parseUnsignedInt(hex, 16);
  }

  private int named() {
    int end = source.indexOf('}', at);
    if (end < 0 || !source.startsWith("{", at)) {
      throw TemplateException.syntax(line, "expected an escape as \\N{NAME}, got another");
    }
    String name = source.substring(at + 1, end);
    at = end + 1;
    try {
      return Character.codePointOf(name);
    } catch (IllegalArgumentException e) {
      throw TemplateException.syntax(line, "unknown character name " + Printing.repr(name));
    }
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }
}
