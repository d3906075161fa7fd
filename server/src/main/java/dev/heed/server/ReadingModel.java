package dev.heed.server;

import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model that reads, and the one thread that it works on: the threads that answer requests must
 * not wait in native code, of which there are as many as the machine has cores.
 */
final class ReadingModel implements AutoCloseable {
  private static final long IDLE_MILLIS = 200;

  private final AutoCloseable task;
  private final String ability;
  private final FairQueue<Job<?>> waiting = new FairQueue<>();
  private final Thread thread;
  private boolean working;
  private boolean closed;

  private record Job<T>(Supplier<T> work, CompletableFuture<T> result) {
    void run() {
      if (!result.isDone()) {
        try {
          result.complete(work.get());
        } catch (RuntimeException | Error e) {
          result.completeExceptionally(e);
        }
      }
    }
  }

  /**
   * A model.
   *
   * @param task owned
   * @param ability what it does, for messages: "makes vectors"
   */
  ReadingModel(AutoCloseable task, String ability) {
    this.task = task;
    this.ability = ability;
    this.thread = Thread.ofPlatform().name("heed-reader").daemon().start(this::run);
  }

  AutoCloseable task() {
    return task;
  }

  String ability() {
    return ability;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  /** How many are being read for: 0 or 1. */
  synchronized int running() {
    return working ? 1 : 0;
  }

  /**
   * Does work when its turn comes, unless its client has left by then.
   *
   * @param exchange whose time it may take, waiting included
   * @param client who asks
   * @throws Problem 504 if it is late; 499 or 503 if it was given up
   */
  <T> T call(Exchange exchange, String client, Supplier<T> work) throws InterruptedException {
    Job<T> job = new Job<>(work, new CompletableFuture<>());
    synchronized (this) {
      if (closed) {
        throw Problem.later(
            503,
            1,
            "model_is_leaving",
            "expected a model that stays, got one that was taken out;" + " ask again");
      }
      waiting.add(client, job);
      notifyAll();
    }
    exchange.onLeave(() -> job.result().cancel(false));
    try {
      return job.result().get(exchange.left().toMillis(), TimeUnit.MILLISECONDS);
    } catch (CancellationException e) {
      throw exchange.whyGone();
    } catch (TimeoutException e) {
      job.result().cancel(false);
      throw Problem.later(504, 1, "deadline_exceeded", "expected an answer in time, got none yet");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private void run() {
    for (Job<?> job = next(); job != null; job = next()) {
      job.run();
    }
  }

  private synchronized @Nullable Job<?> next() {
    working = false;
    while (!closed && waiting.size() == 0) {
      try {
        wait(IDLE_MILLIS);
      } catch (InterruptedException e) {
        return null;
      }
    }
    working = !closed;
    return closed ? null : waiting.take();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
      task.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("a model could not be closed", e);
    }
  }
}
