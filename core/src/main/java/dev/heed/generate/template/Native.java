package dev.heed.generate.template;

import java.util.function.Function;

/** A function of the language itself. */
record Native(String name, Function<Arguments, Value> body) implements Value.Callable {
  @Override
  public Value call(Arguments arguments) {
    Value value = body.apply(arguments);
    arguments.done();
    return value;
  }
}
