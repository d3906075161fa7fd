package dev.heed.explorer;

import dev.heed.nn.RunWatch;
import dev.heed.web.Exchange;
import dev.heed.web.Page;
import dev.heed.web.Routes;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/** Pages that compute, and stop within a layer when nobody waits for the answer any more. */
final class WatchedWork {
  private static final AtomicLong ENDED = new AtomicLong();

  private WatchedWork() {}

  /** Adds a page that takes a body and runs models on the thread that answers. */
  static void at(Routes routes, String path, Page page) {
    routes.work(
        path,
        exchange ->
            RunWatch.during(
                WatchedWork::requireClient,
                () -> {
                  page.answer(exchange);
                  return path;
                }));
  }

  /** Ends the work of this thread if nobody waits for its answer any more. */
  static void requireClient() {
    try {
      Exchange.requireClient();
    } catch (CancellationException e) {
      ENDED.incrementAndGet();
      throw e;
    }
  }

  /** How many pieces of work were ended within, in this process. */
  static long ended() {
    return ENDED.get();
  }
}
