package dev.heed.tensor.kernel;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What one thread keeps between tasks, so that they need not allocate: one thing of each class. */
public final class Workspace {
  private final Map<Class<?>, Object> things = new IdentityHashMap<>();

  /** Made for a thread by {@link Workers}, and for tests. */
  public Workspace() {}

  /** The thing of this class, made at the first call. */
  public <T> T of(Class<T> type, Supplier<T> make) {
    Object known = things.get(type);
    if (known == null) {
      known = make.get();
      things.put(type, known);
    }
    return type.cast(known);
  }
}
