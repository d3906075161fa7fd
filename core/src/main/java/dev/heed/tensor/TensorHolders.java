package dev.heed.tensor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tensors in a result: a tensor, or records, lists, maps, arrays and optionals of them.
 */
final class TensorHolders {
  private static final ClassValue<List<Method>> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .filter(component -> !component.getType().isPrimitive())
              .map(RecordComponent::getAccessor)
              .peek(accessor -> accessor.setAccessible(true))
              .toList();
        }
      };

  private TensorHolders() {}

  static void forEachTensor(@Nullable Object value, Consumer<Tensor> action) {
    switch (value) {
      case null -> {}
      case Tensor tensor -> action.accept(tensor);
      case Record holder -> {
        for (Method accessor : ACCESSORS.get(holder.getClass())) {
          forEachTensor(component(holder, accessor), action);
        }
      }
      case Iterable<?> many -> many.forEach(one -> forEachTensor(one, action));
      case Map<?, ?> map -> map.values().forEach(one -> forEachTensor(one, action));
      case Object[] array -> Arrays.stream(array).forEach(one -> forEachTensor(one, action));
      case Optional<?> optional -> optional.ifPresent(one -> forEachTensor(one, action));
      default -> {}
    }
  }

  private static @Nullable Object component(Record holder, Method accessor) {
    try {
      return accessor.invoke(holder);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(
          "component " + accessor.getName() + " of " + holder.getClass() + " cannot be read", e);
    }
  }
}
