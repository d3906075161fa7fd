package dev.heed.generate.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is run. */
sealed interface Statement {
  /** Text as it stands. */
  record Literal(String text) implements Statement {}

  /** {@code {{ a }}}. */
  record Print(Expression value) implements Statement {}

  /** {@code {% if %}} with all its branches. */
  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {
    /** A test and what is run if it holds first. */
    record Branch(Expression test, List<Statement> body) {}
  }

  /** {@code {% for %}}. */
  record For(
      Target target,
      Expression over,
      @Nullable Expression filter,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  /** {@code {% break %}} or {@code {% continue %}}. */
  record Jump(boolean breaks) implements Statement {}

  /** {@code {% set a = b %}}. */
  record Set(Target target, Expression value) implements Statement {}

  /** {@code {% set a | filter %}…{% endset %}}; the filter is null or has no operand innermost. */
  record SetBlock(Target target, @Nullable Expression filter, List<Statement> body)
      implements Statement {}

  /** {@code {% macro %}}. */
  record MacroDefinition(Signature signature, List<Statement> body) implements Statement {}

  /** {@code {% call(a) f(b) %}}. */
  record CallBlock(Signature signature, Expression.Call call, List<Statement> body)
      implements Statement {}

  /** {@code {% filter %}}. */
  record FilterBlock(Expression filter, List<Statement> body) implements Statement {}

  /** {@code {% with a = b %}}. */
  record With(List<Target> targets, List<Expression> values, List<Statement> body)
      implements Statement {}

  /** {@code {% block %}}, run where it stands. */
  record Block(List<Statement> body) implements Statement {}

  /** {@code {% generation %}}: what the assistant said. */
  record Generation(List<Statement> body) implements Statement {}

  /**
   * A macro's name and parameters.
   *
   * @param name of the macro; {@code caller} for a call block
   * @param parameters in order
   * @param defaults of the last parameters
   * @param varargs whether the body uses {@code varargs}
   * @param kwargs whether it uses {@code kwargs}
   * @param caller whether it uses {@code caller}
   */
  record Signature(
      String name,
      List<String> parameters,
      List<Expression> defaults,
      boolean varargs,
      boolean kwargs,
      boolean caller) {}

  /** What is assigned to. */
  sealed interface Target {
    /** A variable. */
    record Variable(String name) implements Target {}

    /** An attribute of a namespace. */
    record OfNamespace(String namespace, String name) implements Target {}

    /** Several at once. */
    record Several(List<Target> targets) implements Target {}
  }
}
