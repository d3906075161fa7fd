package dev.heed.generate;

import dev.heed.generate.search.Generated;
import dev.heed.generate.search.Search;
import java.util.List;

/** A search that begins no step after a time; what there is by then is its result. */
final class TimedSearch implements Search {
  private static final double NANOS = 1e9;

  private final Search search;
  private final long begun = System.nanoTime();
  private final double seconds;

  TimedSearch(Search search, double seconds) {
    this.search = search;
    this.seconds = seconds;
  }

  @Override
  public boolean step() {
    return search.step() && (System.nanoTime() - begun) / NANOS < seconds;
  }

  @Override
  public List<List<Generated>> results() {
    return search.results();
  }

  @Override
  public void close() {
    search.close();
  }
}
