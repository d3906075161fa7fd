package dev.heed.generate.template;

import dev.heed.generate.template.Expression.Call;
import dev.heed.generate.template.Expression.Filter;
import dev.heed.generate.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a template's text, prints and blocks. */
final class StatementParser {
  private static final Set<String> OTHER_FILES = Set.of("include", "import", "from", "extends");

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  private int loops;

  StatementParser(List<Token> tokens, int depth) {
    this.tokens = new TokenStream(tokens, depth);
    this.expressions = new ExpressionParser(this.tokens);
  }

  List<Statement> template() {
    List<Statement> body = body(Set.of());
    if (tokens.peek().kind() != Token.Kind.END) {
      throw tokens.unexpected("the end of the template");
    }
    return body;
  }

  /** What stands before one of the tags that end a block, whose name is left to be read. */
  private List<Statement> body(Set<String> ends) {
    tokens.enter();
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> body.add(new Statement.Literal(token.text()));
        case PRINT_BEGIN -> {
          body.add(new Statement.Print(expressions.tuple(true)));
          tokens.expect(Token.Kind.PRINT_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          if (tokens.peek().kind() == Token.Kind.NAME && ends.contains(tokens.peek().text())) {
            tokens.leave();
            return body;
          }
          body.add(statement());
        }
        default -> {
          if (!ends.isEmpty()) {
            throw TemplateException.syntax(
                token.line(), "expected one of the tags " + ends + ", got " + token.describe());
          }
          tokens.leave();
          return body;
        }
      }
    }
  }

  /** A block's body up to its end tag, which is read. */
  private List<Statement> bodyUntil(String end) {
    List<Statement> body = body(Set.of(end));
    tokens.name();
    return body;
  }

  private void closeTag() {
    tokens.expect(Token.Kind.BLOCK_END, "'%}'");
  }

  private Statement statement() {
    int line = tokens.line();
    String tag = tokens.name();
    Statement statement =
        switch (tag) {
          case "if" -> branches();
          case "for" -> loop();
          case "set" -> assignment();
          case "macro" -> macro();
          case "call" -> callBlock();
          case "filter" -> filterBlock();
          case "with" -> with();
          case "block" -> block();
          case "print" -> new Statement.Print(expressions.tuple(true));
          case "break", "continue" -> jump(tag, line);
          case "generation" -> {
            closeTag();
            yield new Statement.Generation(bodyUntil("endgeneration"));
          }
          case "autoescape" -> autoescape(line);
          default -> throw refused(tag, line);
        };
    closeTag();
    return statement;
  }

  private static TemplateException refused(String tag, int line) {
    return TemplateException.syntax(
        line,
        OTHER_FILES.contains(tag)
            ? "expected a template that stands alone, got the tag '" + tag + "'"
            : "expected a known tag, got '" + tag + "'");
  }

  private Statement branches() {
    List<Statement.If.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    while (true) {
      Expression test = expressions.tuple(false);
      closeTag();
      branches.add(new Statement.If.Branch(test, body(Set.of("elif", "else", "endif"))));
      String tag = tokens.name();
      if (tag.equals("else")) {
        closeTag();
        otherwise = bodyUntil("endif");
      }
      if (!tag.equals("elif")) {
        return new Statement.If(branches, otherwise);
      }
    }
  }

  private Statement loop() {
    Target target = target();
    if (!tokens.skipName("in")) {
      throw tokens.unexpected("'in'");
    }
    Expression over = expressions.iterated();
    Expression filter = tokens.skipName("if") ? expressions.expression() : null;
    boolean recursive = tokens.skipName("recursive");
    closeTag();
    loops++;
    List<Statement> body = body(Set.of("else", "endfor"));
    loops--;
    List<Statement> otherwise = List.of();
    if (tokens.name().equals("else")) {
      closeTag();
      otherwise = bodyUntil("endfor");
    }
    return new Statement.For(target, over, filter, recursive, body, otherwise);
  }

  private Statement jump(String tag, int line) {
    if (loops == 0) {
      throw TemplateException.syntax(line, "expected '" + tag + "' in a loop, got it outside");
    }
    return new Statement.Jump(tag.equals("break"));
  }

  /** What is assigned to: names, or an attribute of a namespace. */
  private Target target() {
    List<Target> targets = new ArrayList<>();
    boolean comma = false;
    do {
      if (comma && (tokens.peek().is("=") || tokens.peek().isName("in"))) {
        break;
      }
      targets.add(oneTarget());
      comma |= tokens.peek().is(",");
    } while (tokens.skip(","));
    return comma ? new Target.Several(targets) : targets.getFirst();
  }

  private Target oneTarget() {
    if (tokens.skip("(")) {
      tokens.enter();
      Target inner = target();
      tokens.expect(")");
      tokens.leave();
      return inner;
    }
    String name = tokens.name();
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw tokens.unexpected("a name that can be assigned to");
    }
    return tokens.skip(".")
        ? new Target.OfNamespace(name, tokens.name())
        : new Target.Variable(name);
  }

  private Statement assignment() {
    Target target = target();
    if (tokens.skip("=")) {
      return new Statement.Set(target, expressions.tuple(true));
    }
    Expression filter = filters();
    closeTag();
    return new Statement.SetBlock(target, filter, bodyUntil("endset"));
  }

  /** Filters in a row, of a block's text. */
  private @Nullable Filter filters() {
    Filter filter = null;
    while (tokens.skip("|")) {
      filter = expressions.filter(filter);
    }
    return filter;
  }

  private Statement macro() {
    String name = tokens.name();
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    tokens.expect("(");
    parameters(parameters, defaults);
    closeTag();
    return macro(name, parameters, defaults, "endmacro");
  }

  private void parameters(List<String> parameters, List<Expression> defaults) {
    while (!tokens.peek().is(")")) {
      parameters.add(tokens.name());
      if (tokens.skip("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.unexpected("a default after parameters with one");
      }
      if (!tokens.peek().is(")")) {
        tokens.expect(",");
      }
    }
    tokens.expect(")");
  }

  private Statement.MacroDefinition macro(
      String name, List<String> parameters, List<Expression> defaults, String end) {
    int outer = loops;
    loops = 0;
    int from = tokens.position();
    List<Statement> body = bodyUntil(end);
    loops = outer;
    Set<String> names = tokens.namesSince(from);
    return new Statement.MacroDefinition(
        new Statement.Signature(
            name,
            parameters,
            defaults,
            names.contains("varargs") && !parameters.contains("varargs"),
            names.contains("kwargs") && !parameters.contains("kwargs"),
            names.contains("caller") && !parameters.contains("caller")),
        body);
  }

  private Statement callBlock() {
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    if (tokens.skip("(")) {
      parameters(parameters, defaults);
    }
    Expression called = expressions.expression();
    if (!(called instanceof Call call)) {
      throw tokens.unexpected("a call after 'call'");
    }
    closeTag();
    Statement.MacroDefinition caller = macro("caller", parameters, defaults, "endcall");
    return new Statement.CallBlock(caller.signature(), call, caller.body());
  }

  private Statement filterBlock() {
    Filter filter = expressions.filter(null);
    while (tokens.skip("|")) {
      filter = expressions.filter(filter);
    }
    closeTag();
    return new Statement.FilterBlock(filter, bodyUntil("endfilter"));
  }

  private Statement with() {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        tokens.expect(",");
      }
      targets.add(oneTarget());
      tokens.expect("=");
      values.add(expressions.expression());
    }
    closeTag();
    return new Statement.With(targets, values, bodyUntil("endwith"));
  }

  private Statement block() {
    String name = tokens.name();
    tokens.skipName("scoped");
    tokens.skipName("required");
    closeTag();
    List<Statement> body = bodyUntil("endblock");
    tokens.skipName(name);
    return new Statement.Block(body);
  }

  private Statement autoescape(int line) {
    Expression on = expressions.expression();
    if (!on.equals(new Expression.Constant(Value.FALSE))) {
      throw TemplateException.syntax(line, "expected no escaping, got 'autoescape'");
    }
    closeTag();
    return new Statement.Block(bodyUntil("endautoescape"));
  }
}
