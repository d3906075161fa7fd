package dev.heed.explorer;

import dev.heed.nn.RunWatch;
import dev.heed.web.Exchange;
import dev.heed.web.Page;
import dev.heed.web.Routes;

/** Pages that compute, and stop within a layer when nobody waits for the answer any more. */
final class WatchedWork {
  private WatchedWork() {}

  /** Adds a page that takes a body and runs models on the thread that answers. */
  static void at(Routes routes, String path, Page page) {
    routes.work(
        path,
        exchange ->
            RunWatch.during(
                Exchange::requireClient,
                () -> {
                  page.answer(exchange);
                  return path;
                }));
  }
}
