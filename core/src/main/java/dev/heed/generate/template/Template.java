package dev.heed.generate.template;

import java.time.LocalDateTime;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A template that was read and can be rendered, by several threads at once.
 *
 * @see TemplateLimits
 */
public final class Template {
  private final List<Statement> body;
  private final TemplateLimits limits;

  private Template(List<Statement> body, TemplateLimits limits) {
    this.body = body;
    this.limits = limits;
  }

  /**
   * Reads a template within {@link TemplateLimits#USUAL}.
   *
   * @throws TemplateException {@code SYNTAX} if it is not valid or uses what is not offered, {@code
   *     LIMIT} if it is too long or nests too deeply
   */
  public static Template parse(String source) {
    return parse(source, TemplateLimits.USUAL);
  }

  /** Reads a template, with the errors of {@link #parse(String)}. */
  public static Template parse(String source, TemplateLimits limits) {
    if (source.length() > limits.source()) {
      throw TemplateException.limit("characters in itself", limits.source());
    }
    try {
      return new Template(
          new StatementParser(Lexer.tokens(source), limits.depth()).template(), limits);
    } catch (StackOverflowError e) {
      throw TemplateException.limit("nested expressions and blocks", limits.depth());
    }
  }

  /**
   * Renders.
   *
   * @param variables an object; the template cannot change it
   * @param now what {@code strftime_now} tells
   * @throws TemplateException for whatever goes wrong in it; {@code RAISED} where the template
   *     itself refuses its variables
   */
  public Rendered render(JsonNode variables, LocalDateTime now) {
    Budget budget = new Budget(limits);
    try {
      return new Interpreter(budget, now).run(body, variables);
    } catch (StackOverflowError e) {
      throw TemplateException.limit("nested calls", limits.depth());
    }
  }
}
