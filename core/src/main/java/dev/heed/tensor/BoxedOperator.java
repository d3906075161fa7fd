package dev.heed.tensor;

import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;

/**
 * A LibTorch operator that the presets do not map: found by name, called through the dispatcher.
 */
final class BoxedOperator {
  private final OperatorHandle operator;

  /**
   * An operator without overloads.
   *
   * @param name for example {@code mkldnn::_linear_pointwise}
   * @throws TensorException if this LibTorch has none of this name
   */
  BoxedOperator(String name) {
    Bootstrap.load();
    try {
      operator = Pinned.call(() -> Dispatcher.realSingleton().findSchemaOrThrow(name, ""));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(name, e);
    }
  }

  /** Arguments in the order of the operator's schema; close them after the call. */
  static final class Arguments implements AutoCloseable {
    private final IValueVector stack = new IValueVector();

    /** A tensor, or none. */
    Arguments add(@Nullable Tensor tensor) {
      return push(tensor == null ? new IValue() : new IValue(tensor.handle()));
    }

    /** A whole number. */
    Arguments add(long number) {
      return push(new IValue(number));
    }

    /** A word. */
    Arguments add(String word) {
      return push(new IValue(word));
    }

    /** A list without elements. */
    Arguments addEmpty(Type.TypePtr elements) {
      try (GenericList list = new GenericList(elements)) {
        return push(new IValue(list));
      }
    }

    private Arguments push(IValue value) {
      try (value) {
        var _ = stack.push_back(value);
      }
      return this;
    }

    @Override
    public void close() {
      stack.close();
    }
  }

  /** The type of the elements of a list among the arguments. */
  Type.TypePtr elementsOf(int argument) {
    return Pinned.call(() -> {
      Argument list = operator.schema().arguments().getPointer(Argument.class, argument);
      return list.type().get().containedType(0);
    });
  }

  /** Calls it; the result is its one tensor. */
  org.bytedeco.pytorch.Tensor call(Arguments arguments) {
    operator.callBoxed(arguments.stack);
    try (IValue result = arguments.stack.get(0)) {
      return new org.bytedeco.pytorch.Tensor(result.toTensor());
    }
  }
}
