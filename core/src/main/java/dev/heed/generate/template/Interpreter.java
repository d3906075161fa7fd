package dev.heed.generate.template;

import dev.heed.generate.template.Rendered.Span;
import dev.heed.generate.template.Statement.Signature;
import dev.heed.generate.template.Statement.Target;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Namespace;
import dev.heed.generate.template.Value.Text;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Runs statements; one run of one template. */
final class Interpreter {
  /** How a statement ends. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Environment environment;
  private final Budget budget;
  private final Evaluator evaluator;
  private final Scope globals;
  private final StringBuilder whole = new StringBuilder();
  private final List<Span> assistant = new ArrayList<>();
  private StringBuilder out = whole;

  Interpreter(Budget budget, LocalDateTime now) {
    this.budget = budget;
    this.environment = new Environment(budget);
    this.evaluator = new Evaluator(environment);
    this.globals = Globals.scope(environment, now);
  }

  Rendered run(List<Statement> body, JsonNode variables) {
    Scope context = new Scope(globals);
    variables
        .properties()
        .forEach(entry -> context.set(entry.getKey(), JsonValues.of(entry.getValue())));
    run(body, new Scope(context));
    return new Rendered(whole.toString(), assistant);
  }

  private Flow run(List<Statement> body, Scope scope) {
    for (Statement statement : body) {
      budget.step();
      Flow flow = run(statement, scope);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement statement, Scope scope) {
    switch (statement) {
      case Statement.Literal literal -> write(literal.text());
      case Statement.Print print ->
          write(environment.str(evaluator.evaluate(print.value(), scope)));
      case Statement.If branches -> {
        return branch(branches, scope);
      }
      case Statement.For loop -> loop(loop, evaluator.evaluate(loop.over(), scope), scope, 0);
      case Statement.Jump jump -> {
        return jump.breaks() ? Flow.BREAK : Flow.CONTINUE;
      }
      case Statement.Set set -> assign(set.target(), evaluator.evaluate(set.value(), scope), scope);
      case Statement.SetBlock set -> {
        Value text = capture(set.body(), new Scope(scope));
        Expression filter = set.filter();
        assign(set.target(), filter == null ? text : evaluator.filter(filter, text, scope), scope);
      }
      case Statement.MacroDefinition macro ->
          scope.set(macro.signature().name(), macro(macro.signature(), macro.body(), scope));
      case Statement.CallBlock call -> {
        Value caller = macro(call.signature(), call.body(), scope);
        write(environment.str(evaluator.call(call.call(), Map.of("caller", caller), scope)));
      }
      case Statement.FilterBlock filter -> {
        Value text = capture(filter.body(), new Scope(scope));
        write(environment.str(evaluator.filter(filter.filter(), text, scope)));
      }
      case Statement.With with -> {
        Scope inner = new Scope(scope);
        for (int i = 0; i < with.targets().size(); i++) {
          assign(with.targets().get(i), evaluator.evaluate(with.values().get(i), scope), inner);
        }
        return run(with.body(), inner);
      }
      case Statement.Block block -> {
        return run(block.body(), new Scope(scope));
      }
      case Statement.Generation generation -> {
        int start = whole.codePointCount(0, whole.length());
        write(((Text) capture(generation.body(), new Scope(scope))).value());
        assistant.add(new Span(start, whole.codePointCount(0, whole.length())));
      }
    }
    return Flow.NEXT;
  }

  private void write(String text) {
    budget.make(text.length());
    out.append(text);
  }

  private Value capture(List<Statement> body, Scope scope) {
    StringBuilder before = out;
    out = new StringBuilder();
    try {
      run(body, scope);
      return new Text(out.toString());
    } finally {
      out = before;
    }
  }

  private Flow branch(Statement.If branches, Scope scope) {
    for (Statement.If.Branch branch : branches.branches()) {
      if (Types.truth(evaluator.evaluate(branch.test(), scope))) {
        return run(branch.body(), scope);
      }
    }
    return run(branches.otherwise(), scope);
  }

  private void loop(Statement.For loop, Value over, Scope scope, int depth) {
    List<Value> elements = environment.elements(over);
    Expression filter = loop.filter();
    if (filter != null) {
      List<Value> kept = new ArrayList<>();
      for (Value element : elements) {
        Scope inner = new Scope(scope);
        assign(loop.target(), element, inner);
        if (Types.truth(evaluator.evaluate(filter, inner))) {
          kept.add(element);
        }
      }
      elements = kept;
    }
    if (elements.isEmpty()) {
      run(loop.otherwise(), new Scope(scope));
      return;
    }
    Loop state =
        new Loop(
            environment,
            elements,
            depth,
            loop.recursive() ? (deeper, level) -> deeper(loop, deeper, scope, level) : null);
    Flow flow = Flow.NEXT;
    while (!state.done() && flow != Flow.BREAK) {
      budget.step();
      Scope inner = new Scope(scope);
      Value element = state.next();
      inner.set("loop", state);
      assign(loop.target(), element, inner);
      flow = run(loop.body(), inner);
    }
  }

  private Value deeper(Statement.For loop, Value over, Scope scope, int depth) {
    budget.enter();
    StringBuilder before = out;
    out = new StringBuilder();
    try {
      loop(loop, over, scope, depth);
      return new Text(out.toString());
    } finally {
      out = before;
      budget.leave();
    }
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Target.Variable variable -> scope.set(variable.name(), value);
      case Target.OfNamespace of -> {
        if (!(scope.get(of.namespace()) instanceof Namespace namespace)) {
          throw TemplateException.value("cannot assign attribute on non-namespace object");
        }
        namespace.values().put(of.name(), value);
      }
      case Target.Several several -> {
        List<Value> elements = environment.elements(value);
        if (elements.size() != several.targets().size()) {
          throw TemplateException.value(
              "expected " + several.targets().size() + " values to unpack, got " + elements.size());
        }
        for (int i = 0; i < elements.size(); i++) {
          assign(several.targets().get(i), elements.get(i), scope);
        }
      }
    }
  }

  private Macro macro(Signature signature, List<Statement> body, Scope defined) {
    return new Macro(signature, arguments -> call(signature, body, defined, arguments));
  }

  private Value call(
      Signature signature, List<Statement> body, Scope defined, Arguments arguments) {
    budget.enter();
    Scope scope = new Scope(defined);
    int withoutDefault = signature.parameters().size() - signature.defaults().size();
    for (int i = 0; i < signature.parameters().size(); i++) {
      String name = signature.parameters().get(i);
      Value value = arguments.take(name);
      if (value == null) {
        value =
            i >= withoutDefault
                ? evaluator.evaluate(signature.defaults().get(i - withoutDefault), scope)
                : Value.Undefined.of("parameter '" + name + "' was not provided");
      }
      scope.set(name, value);
    }
    if (signature.varargs()) {
      scope.set("varargs", Items.tuple(arguments.rest()));
    }
    Map<String, Value> named = new LinkedHashMap<>(arguments.restNamed());
    if (signature.caller()) {
      Value caller = named.remove("caller");
      scope.set("caller", caller == null ? Value.Undefined.of("No caller defined") : caller);
    }
    if (signature.kwargs()) {
      Value.Dict dict = Value.Dict.empty();
      named.forEach((name, value) -> dict.entries().put(new Text(name), value));
      scope.set("kwargs", dict);
      named.clear();
    }
    if (!named.isEmpty()) {
      throw TemplateException.value(
          "macro '"
              + signature.name()
              + "' takes no keyword argument '"
              + named.keySet().iterator().next()
              + "'");
    }
    arguments.done();
    Value text = capture(body, scope);
    budget.leave();
    return text;
  }
}
