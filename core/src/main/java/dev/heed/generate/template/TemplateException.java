package dev.heed.generate.template;

import java.io.Serial;

/** Says that a template could not be read or rendered, and why. */
public final class TemplateException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** What was wrong. */
  public enum Kind {
    /** The template is not valid Jinja, or uses what is not offered. */
    SYNTAX,
    /** A value that is not defined was used. */
    UNDEFINED,
    /** An operation does not fit its values. */
    VALUE,
    /** The template asked for what the sandbox forbids. */
    SECURITY,
    /** The template asked for more steps, text or depth than it may have. */
    LIMIT,
    /** The template itself refused its input, by {@code raise_exception}. */
    RAISED
  }

  private final Kind kind;

  /**
   * An error.
   *
   * @param kind what was wrong
   * @param message for the user; of {@code RAISED} the template's own
   */
  public TemplateException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Returns what was wrong. */
  public Kind kind() {
    return kind;
  }

  static TemplateException syntax(int line, String message) {
    return new TemplateException(Kind.SYNTAX, "line " + line + ": " + message);
  }

  static TemplateException value(String message) {
    return new TemplateException(Kind.VALUE, message);
  }

  static TemplateException limit(String what, long most) {
    return new TemplateException(
        Kind.LIMIT, "the template needs more than " + most + " " + what + "; it may be hostile");
  }
}
