package dev.heed.cli.embed;

import dev.heed.cli.Output;
import dev.heed.task.Embedder;
import java.util.List;

/** Counts the texts of which an encoder reads only the beginning, and tells the user. */
public final class CutTexts {
  private final Embedder embedder;
  private long count;

  /** None so far. */
  public CutTexts(Embedder embedder) {
    this.embedder = embedder;
  }

  /** How many so far. */
  public long count() {
    return count;
  }

  /** Counts those of more texts. */
  public void count(List<String> texts) {
    count += texts.stream().filter(embedder::cuts).count();
  }

  void tell(Output err) {
    if (count > 0) {
      err.printf(
          "heed: %d %s longer than the %d tokens that the model reads: cut there%n",
          count, count == 1 ? "text is" : "texts are", embedder.longest());
    }
  }
}
