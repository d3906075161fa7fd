package dev.heed.server;

import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.TextStream;
import dev.heed.generate.search.ContinuousBatch;
import dev.heed.model.ModelKind;
import dev.heed.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to one model that writes, in turn and side by side: one thread takes the batch's steps,
 * lets in who fits between two of them, and lets go who was cancelled or is late.
 *
 * <p>A request counts with all tokens that it may become, prompt and text: what has begun has room
 * to end. A model whose rows depend on each other writes one text after the other.
 */
final class WritingQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WritingQueue.class);
  private static final long IDLE_MILLIS = 200;

  private final TextGenerator writer;
  private final @Nullable ContinuousBatch batch;
  private final int most;
  private final long budget;
  private final FairQueue<Waiting> waiting = new FairQueue<>();
  private final List<Waiting> running = new ArrayList<>();
  private final Thread thread;
  private boolean closed;

  /** A request, what it may come to, and its result. */
  private static final class Waiting {
    private final WriteRequest request;
    private final long cost;
    private final CompletableFuture<Completion> result = new CompletableFuture<>();
    private @Nullable CompletableFuture<Completion> inner;

    Waiting(WriteRequest request, long cost) {
      this.request = request;
      this.cost = cost;
    }

    boolean late(long now) {
      return now - request.due() > 0;
    }
  }

  /**
   * A queue before a model.
   *
   * @param writer owned
   * @param most most texts at once
   * @param budget most tokens of all texts at once, prompts included
   */
  WritingQueue(TextGenerator writer, int most, long budget) {
    this.writer = writer;
    this.most = most;
    this.budget = budget;
    this.batch = batch(writer, most);
    this.thread = Thread.ofPlatform().name("heed-writer").daemon().start(this::run);
  }

  private static @Nullable ContinuousBatch batch(TextGenerator writer, int most) {
    if (writer.config().search().numBeams() > 1 || writer.config().search().penaltyAlpha() > 0) {
      return null;
    }
    try {
      return writer.batch(most);
    } catch (IllegalArgumentException e) {
      LOG.info("one text at a time: {}", e.getMessage());
      return null;
    }
  }

  TextGenerator writer() {
    return writer;
  }

  /** How many wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** How many are being written. */
  synchronized int running() {
    return running.size();
  }

  /**
   * Asks for a text.
   *
   * @return completed by the queue's thread; cancelling it frees its place. Fails with a {@link
   *     Problem} if it is late, or for what the model refuses
   * @throws Problem 400 for more tokens than there will ever be room for
   */
  CompletableFuture<Completion> submit(WriteRequest request) {
    long cost = cost(request);
    if (cost > budget) {
      throw new Problem(
          400,
          "context_length_exceeded",
          "expected at most "
              + budget
              + " tokens of prompt and text, got "
              + cost
              + "; shorten the prompt or ask for fewer tokens");
    }
    Waiting one = new Waiting(request, cost);
    synchronized (this) {
      if (closed) {
        throw Problem.later(
            503,
            1,
            "model_is_leaving",
            "expected a model that stays, got one that" + " was taken out; ask again");
      }
      waiting.add(request.client(), one);
      notifyAll();
    }
    return one.result;
  }

  private long cost(WriteRequest request) {
    // what an encoder reads is no part of what its decoder writes
    boolean decodes = writer.model().kind() == ModelKind.DECODER;
    int prompt = decodes ? request.prompt().length : 1;
    if (prompt >= writer.context()) {
      throw new Problem(
          400,
          "context_length_exceeded",
          "expected fewer tokens than the model's " + writer.context() + ", got " + prompt);
    }
    try {
      return Math.min(writer.context(), request.settings().config().lengths().limit(prompt));
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "context_length_exceeded", String.valueOf(e.getMessage()));
    }
  }

  private void run() {
    while (await()) {
      try {
        if (batch == null) {
          alone();
        } else {
          admit(batch);
          batch.step();
          if (settle()) {
            batch.step(); // the last one has gone: the batch lets go of its memory
          }
        }
      } catch (RuntimeException e) {
        LOG.error("a step failed", e);
        settle();
      }
    }
  }

  /** Waits for work; false once closed. */
  private synchronized boolean await() {
    while (!closed && running.isEmpty() && waiting.size() == 0) {
      try {
        wait(IDLE_MILLIS);
      } catch (InterruptedException e) {
        return false;
      }
    }
    return !closed;
  }

  /**
   * Lets one in whose turn it is, if he fits: alone, so that what is known of his prompt counts.
   */
  private void admit(ContinuousBatch into) {
    Waiting next = next();
    if (next == null) {
      return;
    }
    WriteRequest request = next.request;
    try {
      CompletableFuture<Completion> inner =
          writer.submit(into, request.prompt(), request.settings(), request.listener());
      next.inner = inner;
      inner.whenComplete((completion, failure) -> {
        if (failure == null) {
          next.result.complete(completion);
        } else {
          next.result.completeExceptionally(failure);
        }
      });
    } catch (RuntimeException e) {
      next.result.completeExceptionally(e);
    }
  }

  private synchronized @Nullable Waiting next() {
    long now = System.nanoTime();
    long used = running.stream().mapToLong(one -> one.cost).sum();
    while (true) {
      Waiting first = waiting.peek();
      if (first == null) {
        return null;
      }
      if (first.result.isDone() || first.late(now)) {
        expire(waiting.take());
        continue;
      }
      if (running.size() >= most || used + first.cost > budget) {
        return null;
      }
      running.add(waiting.take());
      return first;
    }
  }

  private static void expire(Waiting one) {
    one.result.completeExceptionally(
        Problem.later(504, 1, "deadline_exceeded", "expected an answer in time, got none yet"));
  }

  /** Lets go of who has ended, was cancelled or is late; tells whether nobody is left. */
  private synchronized boolean settle() {
    long now = System.nanoTime();
    for (Waiting one : running) {
      if (!one.result.isDone() && one.late(now)) {
        expire(one);
      }
      if (one.result.isDone() && one.inner != null) {
        one.inner.cancel(false);
      }
    }
    running.removeIf(one -> one.result.isDone());
    return running.isEmpty();
  }

  /** Whether several texts are written side by side. */
  boolean batched() {
    return batch != null;
  }

  private void alone() {
    Waiting one = next();
    if (one == null) {
      return;
    }
    WriteRequest request = one.request;
    try (TextStream text = writer.stream(request.prompt(), request.settings())) {
      while (!one.result.isDone() && !one.late(System.nanoTime()) && text.hasNext()) {
        String piece = text.next();
        request.listener().token(text.completion().generated().tokens().last(), piece);
      }
      if (one.late(System.nanoTime())) {
        expire(one);
      }
      one.result.complete(text.completion());
    } catch (RuntimeException e) {
      one.result.completeExceptionally(e);
    } finally {
      settle();
    }
  }

  /** Ends at once; what is waited for fails. Take out a model by waiting for its requests first. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      while (waiting.size() > 0) {
        expire(waiting.take());
      }
      running.forEach(WritingQueue::expire);
      running.clear();
    }
    if (batch != null) {
      batch.close();
    }
    writer.close();
  }
}
