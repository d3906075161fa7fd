package dev.heed.cli;

import java.util.function.IntConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, where somebody watches a terminal. */
public final class Progress implements IntConsumer, AutoCloseable {
  private final @Nullable ProgressBar bar;

  /**
   * A bar at its beginning.
   *
   * @param task what is being done
   * @param total the number that stands for all of it
   */
  public Progress(String task, int total) {
    this(
        watched() ? new ProgressBarBuilder().setTaskName(task).setInitialMax(total).build() : null);
  }

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  private static boolean watched() {
    return System.console() != null && System.console().isTerminal();
  }

  /** Shows nothing, where something else does. */
  public static Progress none() {
    return new Progress(null);
  }

  @Override
  public void accept(int done) {
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
