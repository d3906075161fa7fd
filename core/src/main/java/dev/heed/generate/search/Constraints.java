package dev.heed.generate.search;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a sequence has come with the phrases that it must contain. Phrases are worked off one at
 * a time: what is begun goes on or is begun anew.
 *
 * @param open what is not begun yet
 * @param current what is begun; null if nothing is
 * @param matched the tokens of it so far
 * @param complete how many are done
 * @param longest the length of the longest phrase of all
 */
record Constraints(
    List<Constraint> open,
    @Nullable Constraint current,
    List<Integer> matched,
    int complete,
    int longest) {
  /**
   * One of several phrases must occur.
   *
   * @param alternatives each of a token or more, none the beginning of another
   */
  record Constraint(List<List<Integer>> alternatives) {
    Constraint {
      for (List<Integer> one : alternatives) {
        for (List<Integer> other : alternatives) {
          if (one != other && startsWith(other, one)) {
            throw new IllegalArgumentException(
                "force_words_ids: expected alternatives none of which begins another, got "
                    + one
                    + " and "
                    + other);
          }
        }
      }
    }

    /** The tokens that go on after what is matched. */
    TreeSet<Integer> next(List<Integer> matched) {
      TreeSet<Integer> next = new TreeSet<>();
      for (List<Integer> phrase : alternatives) {
        if (phrase.size() > matched.size() && startsWith(phrase, matched)) {
          next.add(phrase.get(matched.size()));
        }
      }
      return next;
    }

    int longest() {
      return alternatives.stream().mapToInt(List::size).max().orElse(0);
    }

    private static boolean startsWith(List<Integer> phrase, List<Integer> start) {
      return phrase.size() >= start.size() && phrase.subList(0, start.size()).equals(start);
    }
  }

  /** Nothing begun. */
  static Constraints of(List<List<List<Integer>>> phrases) {
    List<Constraint> open = phrases.stream().map(Constraint::new).toList();
    int longest = open.stream().mapToInt(Constraint::longest).max().orElse(0);
    return new Constraints(open, null, List.of(), 0, longest);
  }

  /** Whether all phrases occur. */
  boolean done() {
    return open.isEmpty() && current == null;
  }

  /** How far it has come, in tokens: what is done counts as the longest phrase. */
  int bank() {
    int begun = current == null ? 0 : longest - (current.longest() - matched.size());
    return complete * longest + begun;
  }

  /** The tokens that bring it on. */
  TreeSet<Integer> next() {
    if (current != null) {
      return current.next(matched);
    }
    TreeSet<Integer> next = new TreeSet<>();
    open.forEach(constraint -> next.addAll(constraint.next(List.of())));
    return next;
  }

  /** After these tokens; those after the last phrase are left aside. */
  Constraints after(int[] tokens) {
    Constraints state = this;
    for (int token : tokens) {
      state = state.plus(token);
    }
    return state;
  }

  /** After one token more. */
  Constraints plus(int token) {
    if (current != null) {
      return current.next(matched).contains(token) ? match(open, current, token) : abandon();
    }
    for (int i = 0; i < open.size(); i++) {
      Constraint constraint = open.get(i);
      if (constraint.next(List.of()).contains(token)) {
        List<Constraint> rest = new ArrayList<>(open);
        rest.remove(i);
        return match(rest, constraint, token);
      }
    }
    return this;
  }

  private Constraints match(List<Constraint> rest, Constraint constraint, int token) {
    List<Integer> longer = new ArrayList<>(matched);
    longer.add(token);
    return constraint.alternatives().contains(longer)
        ? new Constraints(rest, null, List.of(), complete + 1, longest)
        : new Constraints(rest, constraint, longer, complete, longest);
  }

  private Constraints abandon() {
    List<Constraint> again = new ArrayList<>(open);
    if (current != null) {
      again.add(current);
    }
    return new Constraints(again, null, List.of(), complete, longest);
  }
}
