package dev.heed.cli.task;

import dev.heed.cli.Output;
import dev.heed.explain.Evidence;
import java.util.List;

/**
 * A task that is ready to be asked: its open model, and how its results look.
 *
 * @param <R> the result for one item, a record that JSON can show
 */
interface TaskSession<R> extends AutoCloseable {
  /**
   * The results of several items, in their order. An item that fails makes all of them fail: they
   * are then asked for one by one.
   */
  List<R> results(List<TaskItem> items);

  /**
   * How many items {@link #results} is given at once.
   *
   * @param batch how many are worked on together
   */
  default int handed(int batch) {
    return batch;
  }

  /** Whether {@link #results} itself shows how far it is with so many items in all. */
  default boolean tellsProgress(int items) {
    return false;
  }

  /** Prints a result for people: of a text from a file best one line. */
  void print(TaskItem item, R result, Output out);

  /** Whether the item was longer than the model reads, so that its end did not count. */
  default boolean cuts(R result) {
    return false;
  }

  /** What the model attended to, for {@code --attention}. */
  Evidence evidence(TaskItem item, R result);

  /** Frees the model. */
  @Override
  void close();
}
