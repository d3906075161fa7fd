package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Program.Step;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Refuses rules that begin with themselves, directly or through others: they would never begin. */
final class LeftRecursion {
  private LeftRecursion() {}

  static void require(Program program, Map<String, Integer> starts) {
    Map<Integer, Set<Integer>> begins = new HashMap<>();
    starts.values().forEach(start -> begins.put(start, firstRules(program, start)));
    starts.forEach((name, start) -> {
      Set<Integer> reached = new HashSet<>();
      Deque<Integer> open = new ArrayDeque<>(begins.getOrDefault(start, Set.of()));
      while (!open.isEmpty()) {
        int rule = open.pop();
        if (rule == start) {
          throw new GrammarException(
              "grammar: expected no rule that begins with itself, got "
                  + name
                  + "; let it repeat, or recur at its end");
        }
        if (reached.add(rule)) {
          open.addAll(begins.getOrDefault(rule, Set.of()));
        }
      }
    });
  }

  /** The rules that may run before a byte of this rule is taken. */
  private static Set<Integer> firstRules(Program program, int start) {
    Set<Integer> rules = new HashSet<>();
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    open.push(start);
    while (!open.isEmpty()) {
      int place = open.pop();
      if (seen.get(place)) {
        continue;
      }
      seen.set(place);
      for (Step step : program.steps(place)) {
        switch (step.kind()) {
          case NOTHING -> open.push(step.to());
          case RULE -> {
            rules.add(step.low());
            if (program.shortest(step.low()) == 0) {
              open.push(step.to());
            }
          }
          case BYTES -> {}
        }
      }
    }
    return rules;
  }
}
