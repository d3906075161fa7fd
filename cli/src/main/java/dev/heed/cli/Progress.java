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
    boolean watched = System.console() != null && System.console().isTerminal();
    bar = watched ? new ProgressBarBuilder().setTaskName(task).setInitialMax(total).build() : null;
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
