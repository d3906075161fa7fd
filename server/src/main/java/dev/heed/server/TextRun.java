package dev.heed.server;

import dev.heed.generate.Completion;
import dev.heed.generate.TextListener;
import dev.heed.generate.constrain.Constraint;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.search.SearchSettings;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one request while they are written. Ends with the client: when he leaves, or the
 * page that answers him ends, nothing more is written.
 */
final class TextRun implements AutoCloseable {
  /** What happens to one of the texts. */
  sealed interface Event {
    /** Which text. */
    int index();
  }

  /**
   * A token more.
   *
   * @param choice its log-probability, if asked for
   */
  record Piece(int index, int token, String text, TokenScores.@Nullable Choice choice)
      implements Event {}

  /** The text is whole. */
  record Ended(int index, Completion completion) implements Event {
    /** How many tokens were written. */
    int tokens() {
      return completion.generated().continuation().length;
    }
  }

  private record Failed(int index, Throwable cause) implements Event {}

  private final List<CompletableFuture<Completion>> results = new ArrayList<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final WritingQueue queue;
  private final Exchange exchange;
  private final String client;
  private final @Nullable Integer likeliest;
  private int open;

  /**
   * No text yet.
   *
   * @param likeliest how many of the likeliest tokens are told of each choice; null for no
   *     log-probabilities at all
   */
  TextRun(WritingQueue queue, Exchange exchange, String client, @Nullable Integer likeliest) {
    this.queue = queue;
    this.exchange = exchange;
    this.client = client;
    this.likeliest = likeliest;
    if (likeliest != null && !queue.batched()) {
      throw Problem.ofParameter(
          "logprobs",
          "model_not_suited",
          "logprobs: expected a model that writes token by token, got one that does not");
    }
  }

  /** Asks for several texts after one prompt, with seeds that follow each other. */
  void write(int[] prompt, WritingWish wish, @Nullable Constraint form) {
    long due = System.nanoTime() + exchange.left().toNanos();
    for (int i = 0; i < wish.count(); i++) {
      int index = open++;
      SearchSettings settings = wish.settings().withSeed(wish.settings().seed() + i);
      TokenScores scores = likeliest == null ? null : new TokenScores(likeliest);
      if (scores != null) {
        List<LogitsProcessor> own = new ArrayList<>(settings.own());
        own.addFirst(scores);
        settings = settings.withOwn(own);
      }
      settings = form == null ? settings : form.on(settings);
      TextListener listener =
          (token, text) ->
              events.add(
                  new Piece(index, token, text, scores == null ? null : scores.choice(token)));
      CompletableFuture<Completion> result =
          queue.submit(new WriteRequest(client, prompt, settings, due, listener));
      results.add(result);
      result.whenComplete((completion, failure) ->
          events.add(failure == null ? new Ended(index, completion) : new Failed(index, failure)));
    }
    exchange.onLeave(this::close);
  }

  /** How many texts have not ended. */
  int open() {
    return open;
  }

  /**
   * Waits for what happens next.
   *
   * @throws Problem if a text cannot be written
   */
  Event next() throws InterruptedException {
    Event event = events.take();
    if (event instanceof Failed failed) {
      Throwable cause = failed.cause();
      cause =
          cause instanceof CompletionException && cause.getCause() != null
              ? cause.getCause()
              : cause;
      switch (cause) {
        case Problem problem -> throw problem;
        case CancellationException left -> throw exchange.whyGone();
        case IllegalArgumentException refused ->
            throw new Problem(400, "invalid_request", String.valueOf(refused.getMessage()));
        case RuntimeException defect -> throw defect;
        case Error defect -> throw defect;
        default -> throw new IllegalStateException(cause);
      }
    }
    if (event instanceof Ended) {
      open--;
    }
    return event;
  }

  @Override
  public void close() {
    results.forEach(result -> result.cancel(false));
  }
}
