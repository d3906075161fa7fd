package dev.heed.cli.embed;

import dev.heed.cli.Output;
import dev.heed.task.Embedder;
import dev.heed.task.Embedder.Tokens;
import java.util.List;
import java.util.function.IntConsumer;

/** Vectors of texts, and a count of those of which the encoder read only the beginning. */
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

  /**
   * The vectors of texts, in their order; counts those that are cut.
   *
   * @param progress is told after each batch how many texts are done, by whichever thread ran it
   */
  public List<float[]> embed(List<String> texts, IntConsumer progress) {
    List<Tokens> fitted = embedder.fit(texts);
    count += fitted.stream().filter(Tokens::cut).count();
    return embedder.embedTokens(fitted.stream().map(Tokens::ids).toList(), progress);
  }

  void tell(Output err) {
    if (count > 0) {
      err.printf(
          "heed: %d %s longer than the %d tokens that the model reads: cut there%n",
          count, count == 1 ? "text is" : "texts are", embedder.longest());
    }
  }
}
