package dev.heed.generate.template;

import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import org.jspecify.annotations.Nullable;

/**
 * An attribute as filters name it: {@code a.b.0}, or a number.
 *
 * @param attribute a text, a whole number, or none for the value itself
 * @param otherwise what stands for a part that is not there, or null
 */
record Path(Value attribute, @Nullable Value otherwise) {
  Path(Value attribute) {
    this(attribute, null);
  }

  Value of(Value value, Environment environment) {
    return switch (attribute) {
      case None none -> value;
      case Text text -> parts(value, text.value(), environment);
      default -> part(value, attribute, environment);
    };
  }

  private Value parts(Value value, String path, Environment environment) {
    Value reached = value;
    for (String part : path.split("\\.", -1)) {
      Value key = part.matches("\\d{1,9}") ? Int.of(Long.parseLong(part)) : new Text(part);
      reached = part(reached, key, environment);
    }
    return reached;
  }

  private Value part(Value value, Value key, Environment environment) {
    environment.budget().step();
    Value reached = environment.item(value, key);
    return reached instanceof Undefined && otherwise != null ? otherwise : reached;
  }
}
