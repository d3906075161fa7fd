package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Expression.Characters;
import dev.heed.generate.constrain.Expression.Choice;
import dev.heed.generate.constrain.Expression.Reference;
import dev.heed.generate.constrain.Expression.Repeat;
import dev.heed.generate.constrain.Expression.Sequence;
import dev.heed.generate.constrain.Program.Kind;
import dev.heed.generate.constrain.Program.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a {@link Program} of a grammar (Thompson 1968, with calls of rules as steps). */
final class Compiler {
  private static final int MOST_PLACES = 1_000_000;

  private final Grammar grammar;
  private final List<List<Step>> steps = new ArrayList<>();
  private final Map<String, Integer> starts = new HashMap<>();
  private final Set<Integer> ends = new HashSet<>();
  private final List<String> waiting = new ArrayList<>();

  private Compiler(Grammar grammar) {
    this.grammar = grammar;
  }

  /**
   * Compiles.
   *
   * @throws GrammarException for a rule that is missing or begins with itself, for a grammar of no
   *     text, and one that is too large
   */
  static Program compile(Grammar grammar) {
    Compiler compiler = new Compiler(grammar);
    int start = compiler.rule(grammar.root());
    while (!compiler.waiting.isEmpty()) {
      String name = compiler.waiting.removeLast();
      Integer from = compiler.starts.get(name);
      Expression expression = grammar.rules().get(name);
      if (from == null || expression == null) {
        throw new GrammarException("grammar: expected a rule " + name + ", got none");
      }
      int end = compiler.place();
      compiler.ends.add(end);
      compiler.add(expression, from, end);
    }
    Program program = compiler.program(start);
    LeftRecursion.require(program, compiler.starts);
    if (program.shortest(start) >= Program.NEVER) {
      throw new GrammarException("grammar: expected one that some text fits, got one of none");
    }
    return program;
  }

  private Program program(int start) {
    Step[][] all = new Step[steps.size()][];
    boolean[] ending = new boolean[all.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = steps.get(i).toArray(Step[]::new);
      ending[i] = ends.contains(i);
    }
    return new Program(all, ending, start);
  }

  private int place() {
    if (steps.size() >= MOST_PLACES) {
      throw new GrammarException(
          "grammar: expected at most " + MOST_PLACES + " places, got more; repeat less");
    }
    steps.add(new ArrayList<>(1));
    return steps.size() - 1;
  }

  private int rule(String name) {
    Integer known = starts.get(name);
    if (known != null) {
      return known;
    }
    if (!grammar.rules().containsKey(name)) {
      throw new GrammarException(
          "grammar: expected a rule " + name + ", got " + grammar.rules().keySet());
    }
    int start = place();
    starts.put(name, start);
    waiting.add(name);
    return start;
  }

  private void step(int from, Kind kind, int low, int high, int to) {
    steps.get(from).add(new Step(kind, low, high, to));
  }

  private void add(Expression expression, int from, int to) {
    switch (expression) {
      case Characters characters -> {
        for (List<Utf8Ranges.Bytes> sequence : Utf8Ranges.of(characters.set())) {
          int at = from;
          for (int i = 0; i < sequence.size(); i++) {
            int next = i + 1 == sequence.size() ? to : place();
            step(at, Kind.BYTES, sequence.get(i).first(), sequence.get(i).last(), next);
            at = next;
          }
        }
      }
      case Sequence sequence -> {
        int at = from;
        for (int i = 0; i < sequence.parts().size(); i++) {
          int next = i + 1 == sequence.parts().size() ? to : place();
          add(sequence.parts().get(i), at, next);
          at = next;
        }
        if (sequence.parts().isEmpty()) {
          step(from, Kind.NOTHING, 0, 0, to);
        }
      }
      case Choice choice -> choice.options().forEach(option -> option(option, from, to));
      case Repeat repeat -> repeat(repeat, from, to);
      case Reference reference -> step(from, Kind.RULE, rule(reference.rule()), 0, to);
    }
  }

  /** An option begins at a place of its own, so that none goes back into another. */
  private void option(Expression option, int from, int to) {
    int own = place();
    step(from, Kind.NOTHING, 0, 0, own);
    add(option, own, to);
  }

  private void repeat(Repeat repeat, int from, int to) {
    int at = from;
    for (int i = 0; i < repeat.least(); i++) {
      int next = place();
      add(repeat.of(), at, next);
      at = next;
    }
    if (repeat.most() == Repeat.UNBOUNDED) {
      int loop = place();
      step(at, Kind.NOTHING, 0, 0, loop);
      int body = place();
      step(loop, Kind.NOTHING, 0, 0, body);
      add(repeat.of(), body, loop);
      step(loop, Kind.NOTHING, 0, 0, to);
      return;
    }
    for (int i = repeat.least(); i < repeat.most(); i++) {
      int next = place();
      step(at, Kind.NOTHING, 0, 0, to);
      add(repeat.of(), at, next);
      at = next;
    }
    step(at, Kind.NOTHING, 0, 0, to);
  }
}
