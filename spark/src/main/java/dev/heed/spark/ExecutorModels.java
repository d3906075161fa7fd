package dev.heed.spark;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models that are open in this process: one for each kind and folder, for all partitions that
 * it works on. They are open until the process ends, or until {@link #close}.
 */
public final class ExecutorModels {
  private static final Map<Key, AutoCloseable> OPEN = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ExecutorModels::close, "heed-models"));
  }

  private ExecutorModels() {}

  private record Key(String kind, Path folder) {}

  /** The model of a task, opened if it is not. */
  @SuppressWarnings("unchecked") // one kind, one class
  static <M extends AutoCloseable> M get(TextTask<M> task, Path folder) {
    Path real = folder.toAbsolutePath().normalize();
    return (M) OPEN.computeIfAbsent(new Key(task.kind(), real), key -> task.open(real));
  }

  /** Closes all; for programs whose driver goes on after the work ({@code local} masters). */
  public static void close() {
    OPEN.forEach((key, model) -> {
      if (OPEN.remove(key, model)) {
        try {
          model.close();
        } catch (Exception e) {
          throw new IllegalStateException(key.folder() + " was not closed", e);
        }
      }
    });
  }
}
