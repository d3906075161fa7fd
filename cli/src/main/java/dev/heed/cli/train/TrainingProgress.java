package dev.heed.cli.train;

import dev.heed.cli.Output;
import dev.heed.train.TrainingListener;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a run goes: a bar with loss and tokens a second and the time left where somebody
 * watches a terminal, and a line for each score.
 */
final class TrainingProgress implements TrainingListener {
  private static final double SMOOTHING = 0.95;

  private final Output err;
  private @Nullable ProgressBar bar;
  private double loss = Double.NaN;
  private long tokens;
  private double seconds;

  TrainingProgress(Output err) {
    this.err = err;
  }

  @Override
  public void started(long update, long of) {
    if (update > 0) {
      err.printf("heed: going on after update %d of %d%n", update, of);
    }
    if (System.console() != null && System.console().isTerminal()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("train")
              .setInitialMax(of)
              .startsFrom(update, java.time.Duration.ZERO)
              .build();
    }
  }

  @Override
  public void updated(Update update) {
    loss = Double.isNaN(loss) ? update.loss() : SMOOTHING * loss + (1 - SMOOTHING) * update.loss();
    tokens += update.tokens();
    seconds += update.seconds();
    if (bar != null) {
      bar.stepTo(update.number());
      bar.setExtraMessage(
          String.format(Locale.ROOT, " loss %.4f, %.0f tokens/s", loss, tokens / seconds));
    }
  }

  @Override
  public void evaluated(Score score) {
    err.printf(
        "update %d: %s %.4f%s; loss %.4f, %.0f tokens/s%n",
        score.update(),
        score.metric(),
        score.score(),
        score.best() ? " (best)" : "",
        loss,
        tokens / seconds);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
