package dev.heed.server;

import dev.heed.web.Problem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

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

  /**
   * Does work when its turn comes.
   *
   * @param client who asks
   * @param left how long it may take, waiting included
   * @throws Problem 504 if it is late
   */
  <T> T call(String client, Duration left, Supplier<T> work) throws InterruptedException {
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
    try {
      return job.result().get(left.toMillis(), TimeUnit.MILLISECONDS);
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

  private synchronized @org.jspecify.annotations.Nullable Job<?> next() {
    while (!closed && waiting.size() == 0) {
      try {
        wait(IDLE_MILLIS);
      } catch (InterruptedException e) {
        return null;
      }
    }
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
