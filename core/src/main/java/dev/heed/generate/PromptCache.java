package dev.heed.generate;

import dev.heed.attention.DecodeState;
import dev.heed.generate.logits.Tokens;
import dev.heed.tensor.TensorScope;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder remembers of its last sequences, so that what the next one begins with alike, the
 * earlier turns of a chat for example, is computed once.
 *
 * <p>Safe for several threads.
 */
public final class PromptCache implements AutoCloseable {
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final int most;
  private long reused;

  /**
   * A sequence and the state after it.
   *
   * @param tokens all that the state has taken
   */
  record Entry(Tokens tokens, DecodeState state) {}

  /**
   * An empty cache.
   *
   * @param most most sequences that are remembered, at least 1
   */
  public PromptCache(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("prompt cache: expected room for 1 or more, got " + most);
    }
    this.most = most;
  }

  /** How many tokens were not computed again so far. */
  public synchronized long reusedTokens() {
    return reused;
  }

  /** A state of the longest beginning of a sequence, owned by the caller, or null for none. */
  synchronized @Nullable Entry find(Tokens sequence) {
    Entry best = null;
    int longest = 0;
    for (Entry entry : entries) {
      int common = common(entry.tokens(), sequence);
      if (common > longest) {
        longest = common;
        best = entry;
      }
    }
    if (best == null) {
      return null;
    }
    try (TensorScope scope = TensorScope.open()) {
      DecodeState copy = best.state().copy();
      try {
        copy.truncate(longest);
      } catch (IllegalStateException e) {
        // a recurrent state or a window that has moved on knows the whole sequence or nothing
        copy.close();
        return null;
      }
      reused += longest;
      return new Entry(sequence.first(longest), copy);
    }
  }

  /** How many first tokens two sequences share; one of the second's is left to be computed. */
  private static int common(Tokens known, Tokens sequence) {
    int first = Arrays.mismatch(known.toArray(), sequence.toArray());
    int common = first < 0 ? known.size() : first;
    return Math.min(common, sequence.size() - 1);
  }

  /** Remembers a sequence; the state is the cache's from now on. */
  synchronized void add(Tokens tokens, DecodeState state) {
    entries.addFirst(new Entry(Tokens.of(tokens.toArray()), state));
    while (entries.size() > most) {
      entries.removeLast().state().close();
    }
  }

  @Override
  public synchronized void close() {
    entries.forEach(entry -> entry.state().close());
    entries.clear();
  }
}
