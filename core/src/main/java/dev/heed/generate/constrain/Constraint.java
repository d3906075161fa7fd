package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Automaton.State;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.Prefix;
import dev.heed.generate.logits.Scores;
import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.SearchSettings;
import dev.heed.generate.search.StopCriterion;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps only tokens that go on towards a text of a grammar, and the end only where the text is one
 * (Willard and Louf 2023, "Efficient Guided Generation for Large Language Models").
 *
 * <p>Where a vocabulary has a token for each byte, every result is such a text, even one that
 * reaches its limit: towards it only those tokens are kept after which there is room for the rest.
 *
 * <p>May serve many sequences and threads.
 */
public final class Constraint implements LogitsProcessor, StopCriterion {
  private static final int KEPT_STATES = 4096;
  private static final int KEPT_MASKS = 256;

  private final Automaton automaton;
  private final TokenTrie trie;
  private final List<Integer> ends;
  private final Map<Tokens, State> states = bounded(KEPT_STATES);
  private final Map<State, Mask> masks = bounded(KEPT_MASKS);

  /** Which tokens may follow, and the fewest bytes that are missing then. */
  private record Mask(int[] tokens, int[] missing) {}

  private Constraint(Automaton automaton, TokenTrie trie, List<Integer> ends) {
    this.automaton = automaton;
    this.trie = trie;
    this.ends = List.copyOf(ends);
  }

  /**
   * A constraint.
   *
   * @param grammar of the text that is generated, the prompt apart
   * @param tokenizer of the model
   * @param ends tokens that end a sequence; may be empty
   * @throws GrammarException if the grammar cannot be run
   */
  public static Constraint of(Grammar grammar, Tokenizer tokenizer, List<Integer> ends) {
    return new Constraint(new Automaton(grammar), new TokenTrie(tokenizer), ends);
  }

  /** Settings with this constraint, which ends a sequence when nothing more may follow. */
  public SearchSettings on(SearchSettings settings) {
    List<LogitsProcessor> own = new ArrayList<>(settings.own());
    own.add(this);
    List<StopCriterion> stops = new ArrayList<>(settings.stops());
    stops.add(this);
    return settings.withOwn(own).withStops(stops);
  }

  private static <K, V> Map<K, V> bounded(int most) {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        });
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    State state = state(prefix.tokens(), prefix.prompt());
    double[] before = scores.clone();
    java.util.Arrays.fill(scores, Scores.REMOVED);
    if (state == null) {
      return; // a token that could not follow was forced: nothing can follow it
    }
    Mask mask = masks.computeIfAbsent(state, this::mask);
    int room = prefix.limit() - prefix.length() - 1;
    boolean any = false;
    for (int i = 0; i < mask.tokens().length; i++) {
      if (mask.missing()[i] <= room && mask.tokens()[i] < scores.length) {
        scores[mask.tokens()[i]] = before[mask.tokens()[i]];
        any = true;
      }
    }
    for (int end : ends) {
      if (state.complete() && end < scores.length) {
        scores[end] = before[end];
        any = true;
      }
    }
    for (int i = 0; !any && i < mask.tokens().length; i++) {
      if (mask.tokens()[i] < scores.length) {
        scores[mask.tokens()[i]] = before[mask.tokens()[i]];
      }
    }
  }

  @Override
  public boolean ends(Tokens sequence, int prompt) {
    State state = state(sequence, prompt);
    return state != null && state.complete() && !state.open();
  }

  private Mask mask(State state) {
    List<int[]> found = new ArrayList<>();
    trie.follow(state, (token, after) -> found.add(new int[] {token, after.shortest()}));
    return new Mask(
        found.stream().mapToInt(pair -> pair[0]).toArray(),
        found.stream().mapToInt(pair -> pair[1]).toArray());
  }

  /** Where the generated tokens lead, or null if they leave the grammar. */
  private @Nullable State state(Tokens sequence, int prompt) {
    Tokens generated = Tokens.of(sequence.from(prompt));
    State known = states.get(generated);
    if (known != null) {
      return known;
    }
    int size = generated.size();
    State before = size == 0 ? null : states.get(generated.first(size - 1));
    State state = before != null ? before : automaton.start();
    for (int i = before != null ? size - 1 : 0; i < size && state != null; i++) {
      state = trie.after(state, generated.get(i));
    }
    if (state != null) {
      states.put(generated, state);
    }
    return state;
  }
}
