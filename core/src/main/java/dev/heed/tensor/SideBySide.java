package dev.heed.tensor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Runs independent pieces of work at the same time, each on one thread.
 *
 * <p>That keeps every core busy where the operations of one piece are too small to share: there is
 * nothing to wait for between them. As many pieces run at once as {@link Backend#threads()} says.
 */
public final class SideBySide {
  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(work -> new OneThreaded(work, "heed-side-by-side"));

  private SideBySide() {}

  /**
   * Runs {@code body} for {@code 0 … count - 1}, in no certain order, and returns when all are
   * done.
   *
   * @param body opens its own {@link TensorScope}; on a thread that uses one thread for each
   *     operation, unless one thread is all there is
   * @throws RuntimeException what a piece threw; those not begun by then are left out
   */
  public static void run(int count, IntConsumer body) {
    int threads = Math.min(count, Backend.threads());
    if (threads <= 1) {
      IntStream.range(0, count).forEach(body);
    } else {
      share(count, threads, body);
    }
  }

  /**
   * As {@link #run}, but an operation never uses more than one thread, also where there is only one
   * piece: so that sums are taken in one order, and the bits do not depend on how many threads
   * there are.
   */
  public static void runSteadily(int count, IntConsumer body) {
    int threads = Backend.threads();
    if (threads == 1) {
      IntStream.range(0, count).forEach(body);
    } else if (count > 0) {
      share(count, Math.min(count, threads), body);
    }
  }

  private static void share(int count, int threads, IntConsumer body) {
    AtomicInteger next = new AtomicInteger();
    Runnable drain =
        () -> {
          try {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
              body.accept(i);
            }
          } catch (RuntimeException | Error e) {
            next.set(count);
            throw e;
          }
        };
    Engine.live()
        .threads()
        .productsAlone(() ->
            await(
                IntStream.range(0, threads)
                    .mapToObj(i -> CompletableFuture.runAsync(drain, POOL))
                    .toArray(CompletableFuture<?>[]::new)));
  }

  /** Waits for all, also when interrupted, since they use what the caller may free afterwards. */
  private static void await(CompletableFuture<?>[] running) {
    try {
      CompletableFuture.allOf(running).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }
}
