package dev.heed.generate.search;

import dev.heed.generate.config.GenerationConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that come at any time and run side by side: each joins the batch when there is room and
 * leaves it when it ends, and gets the tokens that it would get alone (Yu et al. 2022, "Orca: A
 * Distributed Serving System for Transformer-Based Generative Models", section 3, iteration-level
 * scheduling).
 *
 * <p>Any thread may submit and cancel; one thread takes the steps.
 */
public final class ContinuousBatch implements AutoCloseable {
  private final Function<Prompts, JoinableDecoder> begin;
  private final int most;
  private final ConcurrentLinkedQueue<Request> waiting = new ConcurrentLinkedQueue<>();
  private List<Request> running = new ArrayList<>();
  private @Nullable JoinableDecoder decoder;

  /** A sequence that somebody waits for. */
  private static final class Request {
    private final int[] prompt;
    private final SearchSettings settings;
    private final @Nullable Function<Prompts, JoinableDecoder> begin;
    private final TokenChooser chooser;
    private final IntConsumer listener;
    private final CompletableFuture<Generated> result = new CompletableFuture<>();
    private Strand strand;

    Request(
        int[] prompt,
        SearchSettings settings,
        IntConsumer listener,
        @Nullable Function<Prompts, JoinableDecoder> begin) {
      this.prompt = prompt.clone();
      this.settings = settings;
      this.begin = begin;
      this.listener = listener;
      this.chooser = new TokenChooser(settings);
      Prompts alone = new Prompts(new int[][] {prompt}, new int[1]);
      this.strand = Strand.of(alone, settings).getFirst();
    }

    /** Takes one token more; tells whether the sequence goes on. */
    boolean advance(double[] scores) {
      if (result.isDone()) {
        return false;
      }
      try {
        strand = chooser.choose(strand, 0, scores);
        listener.accept(strand.tokens().last());
        Finish finish = settings.finish(strand.tokens(), strand.prompt(), strand.limit());
        if (finish != Finish.UNFINISHED) {
          result.complete(strand.generated(finish));
        }
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
      }
      return !result.isDone();
    }
  }

  /**
   * An empty batch.
   *
   * @param begin makes a fresh decoder for prompts that come without one of their own
   * @param most most sequences at once
   */
  public ContinuousBatch(Function<Prompts, JoinableDecoder> begin, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("batch: expected room for 1 or more, got " + most);
    }
    this.begin = begin;
    this.most = most;
  }

  /**
   * Asks for a sequence.
   *
   * @param prompt a token or more
   * @param settings greedy or sampling, of one result
   * @param listener is told each token by the thread that takes the steps
   * @return completed by a step; cancelling it frees its place at the next one
   * @throws IllegalArgumentException for an empty prompt, one that leaves no room, or another
   *     search
   */
  public CompletableFuture<Generated> submit(
      int[] prompt, SearchSettings settings, IntConsumer listener) {
    return submit(prompt, settings, listener, null);
  }

  /**
   * Asks for a sequence that begins by itself, as one beside an encoder does, which reads what
   * belongs to this sequence alone.
   *
   * @param begin makes a fresh decoder of one row, which then joins the others; where it fails, or
   *     that decoder does at the prompt, this request fails alone. Null for the batch's own
   * @see #submit(int[], SearchSettings, IntConsumer)
   */
  public CompletableFuture<Generated> submit(
      int[] prompt,
      SearchSettings settings,
      IntConsumer listener,
      @Nullable Function<Prompts, JoinableDecoder> begin) {
    if (!takes(settings)) {
      throw new IllegalArgumentException(
          "continuous batch: expected greedy search or sampling of one result, got beams, several"
              + " results, contrastive search or guidance");
    }
    Request request = new Request(prompt, settings, listener, begin);
    waiting.add(request);
    return request.result;
  }

  /** Whether sequences looked for in this way can join and leave: greedily or drawn, one each. */
  public static boolean takes(SearchSettings settings) {
    GenerationConfig config = settings.config();
    return config.search().numBeams() == 1
        && config.search().numReturnSequences() == 1
        && config.search().penaltyAlpha() == 0
        && config.rules().guidanceScale() == 1;
  }

  /**
   * What a request that has ended gave.
   *
   * @throws RuntimeException why it failed, if it did
   */
  public static <T> T result(CompletableFuture<T> request) {
    try {
      return request.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * Takes in who waits, if there is room, else one token more for each sequence.
   *
   * @return whether there is more to do
   */
  public boolean step() {
    try {
      leave();
      List<Request> fresh = admitted();
      if (!fresh.isEmpty()) {
        List<Request> together = fresh.stream().filter(one -> one.begin == null).toList();
        if (!together.isEmpty()) {
          enter(together, begin);
        }
        for (Request one : fresh) {
          if (one.begin != null) {
            enter(List.of(one), one.begin);
          }
        }
      } else if (decoder != null) {
        int[][] last = new int[running.size()][];
        for (int r = 0; r < last.length; r++) {
          last[r] = new int[] {running.get(r).strand.tokens().last()};
        }
        Continuation next = decoder.feed(last, Decoder.Wanted.LAST_SCORES);
        for (int r = 0; r < running.size(); r++) {
          running.get(r).advance(next.last(r));
        }
      }
      leave();
      return !running.isEmpty() || !waiting.isEmpty();
    } catch (RuntimeException e) {
      running.forEach(request -> request.result.completeExceptionally(e));
      running = new ArrayList<>();
      closeDecoder();
      throw e;
    }
  }

  private List<Request> admitted() {
    List<Request> fresh = new ArrayList<>();
    while (running.size() + fresh.size() < most) {
      Request request = waiting.poll();
      if (request == null) {
        break;
      }
      if (!request.result.isDone()) {
        fresh.add(request);
      }
    }
    return fresh;
  }

  /** Reads prompts, chooses the first token of each, and lets those that go on join. */
  private void enter(List<Request> fresh, Function<Prompts, JoinableDecoder> beginning) {
    List<Request> kept = new ArrayList<>();
    JoinableDecoder own = first(fresh, beginning, kept);
    if (own == null) {
      return;
    }
    running.addAll(kept);
    if (decoder == null) {
      decoder = own;
      return;
    }
    try {
      decoder.join(own);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  /** A decoder of the requests that go on after their first token, or null if none does. */
  private static @Nullable JoinableDecoder first(
      List<Request> fresh, Function<Prompts, JoinableDecoder> beginning, List<Request> kept) {
    JoinableDecoder own = null;
    try {
      Prompts prompts = Prompts.of(fresh.stream().map(request -> request.prompt).toList(), 0);
      own = beginning.apply(prompts);
      Continuation first = own.feed(prompts.tokens(), Decoder.Wanted.LAST_SCORES);
      List<Integer> rows = new ArrayList<>();
      for (int r = 0; r < fresh.size(); r++) {
        if (fresh.get(r).advance(first.last(r))) {
          rows.add(r);
          kept.add(fresh.get(r));
        }
      }
      if (!rows.isEmpty()) {
        own.select(rows.stream().mapToInt(Integer::intValue).toArray());
        return own;
      }
    } catch (RuntimeException e) {
      // who runs already has nothing to do with it
      fresh.forEach(request -> request.result.completeExceptionally(e));
      kept.clear();
    }
    if (own != null) {
      own.close();
    }
    return null;
  }

  /** Lets go of what has ended or was cancelled. */
  private void leave() {
    int[] kept = new int[running.size()];
    int count = 0;
    List<Request> left = new ArrayList<>();
    for (int r = 0; r < kept.length; r++) {
      if (!running.get(r).result.isDone()) {
        kept[count++] = r;
        left.add(running.get(r));
      }
    }
    if (count == 0) {
      closeDecoder();
    } else if (count < kept.length && decoder != null) {
      decoder.select(Arrays.copyOf(kept, count));
    }
    running = left;
  }

  private void closeDecoder() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }

  /** Cancels all that is left. */
  @Override
  public void close() {
    waiting.forEach(request -> request.result.cancel(false));
    running.forEach(request -> request.result.cancel(false));
    waiting.clear();
    running = new ArrayList<>();
    closeDecoder();
  }
}
