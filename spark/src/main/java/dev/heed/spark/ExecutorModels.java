package dev.heed.spark;

import dev.heed.tensor.Backend;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * The models that are open in this process: one for each kind and folder, for all partitions that
 * it works on. They are open until the process ends, or until {@link #close}.
 */
public final class ExecutorModels {
  /** As Spark calls the process of a program, which with a {@code local} master works too. */
  private static final String DRIVER = "driver";

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
    return (M)
        OPEN.computeIfAbsent(
            new Key(task.kind(), real),
            key -> {
              boundThreads();
              return task.open(real);
            });
  }

  /**
   * On an executor a task uses the threads that Spark counts for it ({@code spark.task.cpus}), or
   * the tasks of a machine would get in each other's way. Where {@code OMP_NUM_THREADS} is set, and
   * in a driver's own process, nothing is changed.
   */
  private static void boundThreads() {
    TaskContext task = TaskContext.get();
    SparkEnv process = SparkEnv.get();
    if (task != null
        && process != null
        && !process.executorId().equals(DRIVER)
        && System.getenv("OMP_NUM_THREADS") == null) {
      Backend.threads(task.cpus());
    }
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
