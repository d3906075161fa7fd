package dev.heed.nn;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The modules that a module consists of, read from its fields: what it holds, and nothing that it
 * held once.
 *
 * <p>Fields may be modules, records, lists, maps, arrays or optionals of them, and functions that
 * capture them, for example {@code norm::apply}.
 */
final class ModuleTree {
  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          List<Field> fields = new ArrayList<>();
          for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            Arrays.stream(at.getDeclaredFields())
                .filter(f -> !Modifier.isStatic(f.getModifiers()) && !f.getType().isPrimitive())
                .filter(Field::trySetAccessible)
                .forEach(fields::add);
          }
          return fields;
        }
      };

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Module> found = new ArrayList<>();

  private ModuleTree() {}

  /** The module itself and all below it, parents before their parts, in the order of the fields. */
  static List<Module> of(Module root) {
    ModuleTree tree = new ModuleTree();
    tree.visit(root);
    return tree.found;
  }

  private void visit(@Nullable Object value) {
    switch (value) {
      case null -> {}
      case Module module -> {
        if (seen.add(module)) {
          found.add(module);
          fields(module);
        }
      }
      case Record holder -> fields(holder);
      case Iterable<?> many -> many.forEach(this::visit);
      case Map<?, ?> map -> map.values().forEach(this::visit);
      case Object[] array -> Arrays.stream(array).forEach(this::visit);
      case Optional<?> optional -> optional.ifPresent(this::visit);
      default -> {
        Class<?> type = value.getClass();
        boolean captures = type.isHidden() || type.getName().startsWith("dev.heed.attention");
        if (captures && seen.add(value)) {
          fields(value);
        }
      }
    }
  }

  private void fields(Object holder) {
    for (Field field : FIELDS.get(holder.getClass())) {
      try {
        visit(field.get(holder));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("field " + field + " cannot be read", e);
      }
    }
  }
}
