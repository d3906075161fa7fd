package dev.heed.generate.template;

import dev.heed.generate.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into text and tags, and takes away the white space that tags swallow: all of it
 * beside a minus; the newline after a block or comment; the blanks before one that begins its line,
 * unless a plus says otherwise.
 */
final class Lexer {
  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** Whether what was read last ends a line, or nothing was read. */
  private boolean lineStarts = true;

  private Lexer(String source) {
    this.source = source;
  }

  /** The tokens of a template, an END last. */
  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        data(source.substring(at));
        advance(source.length());
      } else {
        tag(tag);
      }
    }
    tokens.add(new Token(Kind.END, "", line));
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      char next = i + 1 < source.length() ? source.charAt(i + 1) : ' ';
      if (next == '{' || next == '%' || next == '#') {
        return i;
      }
    }
    return -1;
  }

  private void tag(int begin) {
    char type = source.charAt(begin + 1);
    int inside = begin + 2;
    char sign = inside < source.length() ? source.charAt(inside) : ' ';
    boolean signed = sign == '-' || sign == '+' && type != '{';
    data(before(source.substring(at, begin), signed ? sign : ' ', type != '{'));
    advance(signed ? inside + 1 : inside);
    switch (type) {
      case '#' -> comment();
      case '{' -> {
        tokens.add(new Token(Kind.PRINT_BEGIN, "", line));
        expression("}}", Kind.PRINT_END);
      }
      default -> {
        if (!raw()) {
          tokens.add(new Token(Kind.BLOCK_BEGIN, "", line));
          expression("%}", Kind.BLOCK_END);
        }
      }
    }
  }

  /** The text before a tag, without what the tag swallows. */
  private String before(String text, char sign, boolean block) {
    if (sign == '-') {
      return stripEnd(text);
    }
    if (sign != '+' && block) {
      int start = text.lastIndexOf('\n') + 1;
      if ((start > 0 || lineStarts) && isBlank(text, start)) {
        return text.substring(0, start);
      }
    }
    return text;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Kind.DATA, text, line));
    }
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw TemplateException.syntax(line, "expected the end '#}' of a comment, got none");
    }
    char sign = end > at ? source.charAt(end - 1) : ' ';
    advance(end + 2);
    after(sign);
  }

  /** Swallows what follows a block or comment. */
  private void after(char sign) {
    if (sign == '-') {
      skipSpace();
    } else if (sign != '+' && at < source.length() && source.charAt(at) == '\n') {
      advance(at + 1);
    }
  }

  /** Reads {@code {% raw %}…{% endraw %}}, if that is what begins here. */
  private boolean raw() {
    int end = word(at, "raw");
    if (end < 0) {
      return false;
    }
    boolean minus = source.startsWith("-%}", end);
    if (!minus && !source.startsWith("%}", end)) {
      return false;
    }
    advance(end + (minus ? 3 : 2));
    if (minus) {
      skipSpace();
    }
    for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      boolean signed = sign == '-' || sign == '+';
      int closing = word(signed ? tag + 3 : tag + 2, "endraw");
      if (closing >= 0) {
        char last = closing < source.length() ? source.charAt(closing) : ' ';
        boolean closed = last == '-' || last == '+';
        if (source.startsWith("%}", closed ? closing + 1 : closing)) {
          data(before(source.substring(at, tag), signed ? sign : ' ', true));
          advance(closing + (closed ? 3 : 2));
          after(closed ? last : ' ');
          return true;
        }
      }
    }
    throw TemplateException.syntax(line, "expected the end '{% endraw %}', got none");
  }

  /** Where a word and the space around it end, or -1 if it does not stand there. */
  private int word(int from, String word) {
    int start = pastSpace(from);
    if (!source.startsWith(word, start)) {
      return -1;
    }
    return pastSpace(start + word.length());
  }

  private void expression(String closing, Kind end) {
    ExpressionLexer inner = new ExpressionLexer(source, at, line, closing);
    tokens.addAll(inner.tokens());
    advance(inner.end());
    int ended = inner.end();
    boolean minus = source.startsWith("-" + closing, ended);
    boolean plus = end == Kind.BLOCK_END && source.startsWith("+" + closing, ended);
    tokens.add(new Token(end, "", line));
    advance(ended + closing.length() + (minus || plus ? 1 : 0));
    if (minus) {
      skipSpace();
    } else if (end == Kind.BLOCK_END) {
      after(plus ? '+' : ' ');
    }
  }

  private void skipSpace() {
    advance(pastSpace(at));
  }

  private int pastSpace(int from) {
    int i = from;
    while (i < source.length() && Characters.isSpace(source.codePointAt(i))) {
      i++;
    }
    return i;
  }

  private void advance(int to) {
    for (int i = at; i < to; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    if (to > at) {
      lineStarts = source.charAt(to - 1) == '\n';
    }
    at = to;
  }

  private static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && Characters.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static boolean isBlank(String text, int from) {
    return text.substring(from).chars().allMatch(Characters::isSpace);
  }
}
