package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Program.Kind;
import dev.heed.generate.constrain.Program.Step;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link Program}: a state is a set of places, each with the places to return to; states are
 * made when they are first reached, and kept.
 *
 * <p>Safe for several threads.
 */
final class Automaton {
  private static final int MOST_THREADS = 10_000;
  private static final int MOST_STATES = 50_000;

  private final Program program;
  private final Map<Set<Thread>, State> states = new HashMap<>();
  private final Map<Stack, Stack> stacks = new HashMap<>();
  private final State start;

  /** Places to return to, the innermost first; null at the end of all. */
  private record Stack(int place, @Nullable Stack below, int shortest, int hash) {
    @Override
    public boolean equals(@Nullable Object other) {
      // stacks are made once each, so those below are the same or different ones
      return other instanceof Stack that && place == that.place && below == that.below;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** One way in which the text so far fits: a place that takes a byte, or the end. */
  private record Thread(int place, @Nullable Stack stack) {}

  /** Where a text can stand. */
  final class State {
    private final Set<Thread> threads;
    private final @Nullable State[] next = new @Nullable State[256];
    private final boolean[] known = new boolean[256];
    private final boolean complete;
    private final boolean open;
    private final int shortest;

    private State(Set<Thread> threads) {
      this.threads = threads;
      boolean ended = false;
      boolean goesOn = false;
      int least = Program.NEVER;
      for (Thread thread : threads) {
        Stack stack = thread.stack();
        ended |= program.ends(thread.place()) && stack == null;
        goesOn |= program.steps(thread.place()).length > 0;
        int below = stack == null ? 0 : stack.shortest();
        least = Math.min(least, program.shortest(thread.place()) + below);
      }
      complete = ended;
      open = goesOn;
      shortest = Math.min(least, Program.NEVER);
    }

    /** Whether the text so far is one of the grammar's. */
    boolean complete() {
      return complete;
    }

    /** Whether more may follow. */
    boolean open() {
      return open;
    }

    /** The fewest bytes that make the text complete. */
    int shortest() {
      return shortest;
    }

    /** The state after another byte, or null if it cannot follow. */
    @Nullable State after(byte b) {
      synchronized (Automaton.this) {
        int index = b & 0xFF;
        if (!known[index]) {
          next[index] = advance(threads, index);
          known[index] = true;
        }
        return next[index];
      }
    }
  }

  Automaton(Grammar grammar) {
    this.program = Compiler.compile(grammar);
    Set<Thread> first = new LinkedHashSet<>();
    spread(new Thread(program.start(), null), first);
    this.start = new State(first);
  }

  State start() {
    return start;
  }

  private @Nullable State advance(Set<Thread> threads, int b) {
    Set<Thread> after = new LinkedHashSet<>();
    for (Thread thread : threads) {
      for (Step step : program.steps(thread.place())) {
        if (step.kind() == Kind.BYTES && step.low() <= b && b <= step.high()) {
          spread(new Thread(step.to(), thread.stack()), after);
        }
      }
    }
    if (after.isEmpty()) {
      return null;
    }
    if (states.size() >= MOST_STATES) {
      states.clear();
      stacks.clear();
    }
    return states.computeIfAbsent(after, State::new);
  }

  /** Adds all that is reached without a byte: only what takes one, and the end, is kept. */
  private void spread(Thread from, Set<Thread> into) {
    Deque<Thread> open = new ArrayDeque<>();
    Set<Thread> seen = new HashSet<>();
    open.push(from);
    while (!open.isEmpty()) {
      Thread thread = open.pop();
      if (!seen.add(thread)) {
        continue;
      }
      if (seen.size() > MOST_THREADS) {
        throw new GrammarException(
            "grammar: expected at most "
                + MOST_THREADS
                + " ways to read a text at once, got more; it is too ambiguous");
      }
      Stack stack = thread.stack();
      boolean takes = false;
      if (program.ends(thread.place()) && stack != null) {
        open.push(new Thread(stack.place(), stack.below()));
      }
      for (Step step : program.steps(thread.place())) {
        switch (step.kind()) {
          case BYTES -> takes = true;
          case NOTHING -> open.push(new Thread(step.to(), stack));
          case RULE -> open.push(new Thread(step.low(), push(step.to(), stack)));
        }
      }
      if (takes || program.ends(thread.place()) && stack == null) {
        into.add(thread);
      }
    }
  }

  /** A place that only ends its rule need not be returned to. */
  private @Nullable Stack push(int place, @Nullable Stack below) {
    if (program.ends(place) && program.steps(place).length == 0) {
      return below;
    }
    int shortest =
        Math.min(Program.NEVER, program.shortest(place) + (below == null ? 0 : below.shortest()));
    int hash = 31 * place + (below == null ? 7 : below.hash());
    Stack made = new Stack(place, below, shortest, hash);
    return stacks.computeIfAbsent(made, same -> same);
  }
}
