package dev.heed.generate;

import dev.heed.generate.search.Finish;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.Search;
import dev.heed.text.Tokenizer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A text while it is written: pieces as they come, of a character or more each. Closing it before
 * its end stops the model; what there is by then is the completion.
 *
 * <p>A search by beams decides on its text at its end, and gives it as one piece.
 *
 * <p>Used by one thread at a time.
 */
public final class TextStream implements Iterator<String>, AutoCloseable {
  private final Search search;
  private final boolean atOnce;
  private final TextPieces pieces;
  private final StringBuilder ready = new StringBuilder();
  private final StringBuilder written = new StringBuilder();
  private Generated generated;
  private int taken;
  private boolean running = true;
  private boolean ended;

  /**
   * A stream over a search of one prompt and one result.
   *
   * @param search before its first step; owned
   * @param atOnce whether its tokens are settled at the end only
   */
  TextStream(Search search, Tokenizer tokenizer, StopStrings stops, boolean atOnce) {
    this.search = search;
    this.atOnce = atOnce;
    this.generated = first();
    this.taken = generated.prompt();
    this.pieces = new TextPieces(tokenizer, generated.tokens().first(taken), stops);
  }

  private Generated first() {
    return search.results().getFirst().getFirst();
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !ended) {
      advance();
    }
    return !ready.isEmpty();
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the text has ended");
    }
    String piece = ready.toString();
    ready.setLength(0);
    written.append(piece);
    return piece;
  }

  private void advance() {
    running = running && search.step();
    if (running && atOnce) {
      return;
    }
    generated = first();
    int end = generated.tokens().size();
    for (; taken < end; taken++) {
      ready.append(pieces.add(generated.tokens().get(taken)));
    }
    if (!running) {
      ended = true;
      ready.append(pieces.end(generated.finish()));
    }
  }

  /** The tokens that were taken so far. */
  public Generated generated() {
    return generated;
  }

  /** What was written so far, all of it once {@link #hasNext} is false. */
  public Completion completion() {
    return new Completion(written.toString(), generated);
  }

  /** Writes to the end. */
  public Completion finish() {
    while (hasNext()) {
      next();
    }
    return completion();
  }

  @Override
  public void close() {
    ended = true;
    search.close();
  }

  /** Completions of all results of a search that has ended. */
  static List<List<Completion>> all(Search search, Tokenizer tokenizer, StopStrings stops) {
    return search.results().stream()
        .map(ofInput -> ofInput.stream().map(one -> completion(one, tokenizer, stops)).toList())
        .toList();
  }

  /** What a search found, as text. */
  static Completion completion(Generated one, Tokenizer tokenizer, StopStrings stops) {
    String text = Detokenizer.text(tokenizer, one.tokens(), one.prompt());
    int stop = one.finish() == Finish.STOPPED ? stops.first(text) : -1;
    return new Completion(stop < 0 ? text : text.substring(0, stop), one);
  }
}
