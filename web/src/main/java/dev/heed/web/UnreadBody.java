package dev.heed.web;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;

/**
 * What a client still sends of a body that is refused. Many clients write all of it before they
 * read: were the connection closed meanwhile, they would see it break and never the refusal. So it
 * is read and dropped, for a bounded time, before the answer ends.
 */
final class UnreadBody {
  /** In all: what a body of any size may hold a thread up. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /** Without a byte: such a client waits for an answer. */
  private static final Duration SILENCE = Duration.ofMillis(200);

  private static final Duration BETWEEN = Duration.ofMillis(5);
  private static final int CHUNK = 65_536;

  private UnreadBody() {}

  /** Drops what comes of a request's body; of one that asks first, nothing comes. */
  static void drop(HttpServletRequest request) {
    if (!hasBody(request) || request.getHeader("Expect") != null) {
      return;
    }
    try {
      drop(request.getInputStream());
    } catch (IOException e) {
      // nobody sends it any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
  }

  private static void drop(ServletInputStream in) throws IOException, InterruptedException {
    byte[] dropped = new byte[CHUNK];
    long begun = System.nanoTime();
    long heard = begun;
    long now = begun;
    while (!in.isFinished() && now - begun < LONGEST.toNanos() && now - heard < SILENCE.toNanos()) {
      if (in.available() > 0) {
        if (in.read(dropped) < 0) {
          return;
        }
        heard = now;
      } else {
        Thread.sleep(BETWEEN);
      }
      now = System.nanoTime();
    }
  }
}
