package dev.heed.generate.template;

import dev.heed.generate.template.Statement.Signature;
import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Text;
import java.util.function.Function;

/**
 * A macro, which can be called and asked for what it takes.
 *
 * @param signature its name and parameters
 * @param body what a call gives
 */
record Macro(Signature signature, Function<Arguments, Value> body)
    implements Value.Attributed, Value.Callable {
  @Override
  public String name() {
    return signature.name();
  }

  @Override
  public String type() {
    return "Macro";
  }

  @Override
  public Value call(Arguments arguments) {
    return body.apply(arguments);
  }

  @Override
  public Value attribute(String name) {
    return switch (name) {
      case "name" -> new Text(signature.name());
      case "arguments" ->
          Items.tuple(signature.parameters().stream().map(p -> (Value) new Text(p)).toList());
      case "catch_kwargs" -> Bool.of(signature.kwargs());
      case "catch_varargs" -> Bool.of(signature.varargs());
      case "caller" -> Bool.of(signature.caller());
      default -> Types.missing(this, name);
    };
  }
}
