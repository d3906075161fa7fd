package dev.heed.explorer;

import dev.heed.web.EventStream;
import dev.heed.web.Exchange;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that takes a while, as server-sent events: {@code progress} with {@code done} and
 * {@code of}, then {@code result}, or {@code problem} with {@code title} and {@code detail}.
 */
final class ToldProgress {
  private final EventStream events;

  private record Progress(int done, int of) {}

  private record Trouble(String title, String detail) {}

  /** Makes the result, telling how far it is. */
  @FunctionalInterface
  interface Work {
    /**
     * Works.
     *
     * @throws CancellationException if the client has left
     * @throws IllegalArgumentException for what cannot be done, in words
     */
    Object with(ToldProgress told);
  }

  private ToldProgress(EventStream events) {
    this.events = events;
  }

  /** Answers a request so. */
  static void answer(Exchange exchange, Work work) throws IOException {
    EventStream events = exchange.events();
    try {
      events.send("result", json(work.with(new ToldProgress(events))));
    } catch (IllegalArgumentException e) {
      events.send("problem", json(new Trouble("not done", String.valueOf(e.getMessage()))));
    } catch (CancellationException left) {
      // Nobody waits for the answer.
    }
  }

  /**
   * Tells how far it is.
   *
   * @throws CancellationException if the client has left
   */
  void at(int done, int of) {
    WatchedWork.requireClient();
    try {
      events.send("progress", json(new Progress(done, of)));
    } catch (IOException e) {
      throw new CancellationException("the client left");
    }
  }

  private static String json(Object value) {
    JsonNode tree = JsonMapper.shared().valueToTree(value);
    return tree.toString();
  }
}
