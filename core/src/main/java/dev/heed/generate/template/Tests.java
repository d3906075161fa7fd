package dev.heed.generate.template;

import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Callable;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Range;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.Map;

/** What {@code a is …} asks. */
final class Tests {
  /** A test. */
  @FunctionalInterface
  private interface Test {
    boolean holds(Value value, Arguments arguments, Environment environment);
  }

  private static final Map<String, Test> ALL =
      Map.ofEntries(
          Map.entry("defined", (v, a, e) -> !(v instanceof Undefined)),
          Map.entry("undefined", (v, a, e) -> v instanceof Undefined),
          Map.entry("none", (v, a, e) -> v == Value.NONE),
          Map.entry("boolean", (v, a, e) -> v instanceof Bool),
          Map.entry("true", (v, a, e) -> v instanceof Bool b && b.value()),
          Map.entry("false", (v, a, e) -> v instanceof Bool b && !b.value()),
          Map.entry("integer", (v, a, e) -> v instanceof Int),
          Map.entry("float", (v, a, e) -> v instanceof Real),
          Map.entry("number", (v, a, e) -> v instanceof Value.Number),
          Map.entry("string", (v, a, e) -> v instanceof Text),
          Map.entry("mapping", (v, a, e) -> v instanceof Dict),
          Map.entry("iterable", (v, a, e) -> Types.iterable(v)),
          Map.entry("sequence", (v, a, e) -> sequence(v)),
          Map.entry("callable", (v, a, e) -> v instanceof Callable || v instanceof Undefined),
          Map.entry("escaped", (v, a, e) -> false),
          Map.entry("lower", (v, a, e) -> TextCase.isLower(e.str(v))),
          Map.entry("upper", (v, a, e) -> TextCase.isUpper(e.str(v))),
          Map.entry("odd", (v, a, e) -> rest(v, Int.of(2), e, 1)),
          Map.entry("even", (v, a, e) -> rest(v, Int.of(2), e, 0)),
          Map.entry("divisibleby", (v, a, e) -> rest(v, a.required("num"), e, 0)),
          Map.entry("sameas", (v, a, e) -> same(v, a.required("other"))),
          Map.entry("in", (v, a, e) -> e.comparisons().contains(a.required("seq"), v)),
          Map.entry("filter", (v, a, e) -> v instanceof Text t && Filters.has(t.value())),
          Map.entry("test", (v, a, e) -> v instanceof Text t && has(t.value())),
          Map.entry("eq", compare("==")),
          Map.entry("equalto", compare("==")),
          Map.entry("==", compare("==")),
          Map.entry("ne", compare("!=")),
          Map.entry("!=", compare("!=")),
          Map.entry("lt", compare("<")),
          Map.entry("lessthan", compare("<")),
          Map.entry("<", compare("<")),
          Map.entry("le", compare("<=")),
          Map.entry("<=", compare("<=")),
          Map.entry("gt", compare(">")),
          Map.entry("greaterthan", compare(">")),
          Map.entry(">", compare(">")),
          Map.entry("ge", compare(">=")),
          Map.entry(">=", compare(">=")));

  private Tests() {}

  private static Test compare(String operator) {
    return (v, a, e) -> e.comparisons().holds(operator, v, a.required("other"));
  }

  private static boolean sequence(Value value) {
    return value instanceof Text
        || value instanceof Items items && items.indexed()
        || value instanceof Dict
        || value instanceof Range
        || value instanceof Undefined;
  }

  private static boolean rest(Value value, Value divisor, Environment e, long rest) {
    return e.comparisons().equal(e.arithmetic().binary("%", value, divisor), Int.of(rest));
  }

  private static boolean same(Value a, Value b) {
    return a == b
        || (a instanceof Bool || a instanceof Int || a instanceof Text)
            && a.getClass() == b.getClass()
            && a.equals(b);
  }

  static boolean has(String name) {
    return ALL.containsKey(name);
  }

  static void require(String name, int line) {
    if (!has(name)) {
      throw TemplateException.syntax(line, "no test named '" + name + "'");
    }
  }

  static boolean holds(String name, Value value, Arguments arguments, Environment environment) {
    Test test = ALL.get(name);
    if (test == null) {
      throw TemplateException.value("no test named '" + name + "'");
    }
    boolean holds = test.holds(value, arguments, environment);
    arguments.done();
    return holds;
  }
}
