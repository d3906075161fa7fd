package dev.heed.generate.search;

import dev.heed.generate.config.Convention;
import dev.heed.generate.config.EarlyStopping;
import dev.heed.generate.config.SearchOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The finished hypotheses of one input in one group of beams: at most as many as beams, the worst
 * leaves when a better one comes.
 */
abstract class Hypotheses {
  /**
   * A finished hypothesis.
   *
   * @param strand with its end token, if it has one
   * @param score its sum over a power of its length
   */
  record Hypothesis(Strand strand, double score, Finish finish) {}

  final SearchOptions options;
  final int capacity;
  final List<Hypothesis> kept = new ArrayList<>();
  private boolean done;

  private Hypotheses(SearchOptions options, int capacity) {
    this.options = options;
    this.capacity = capacity;
  }

  static Hypotheses of(SearchSettings settings, int capacity) {
    SearchOptions options = settings.config().search();
    return settings.convention() == Convention.WHOLE_LENGTH_WITHOUT_END
        ? new WholeLength(options, capacity)
        : new GeneratedLength(options, capacity);
  }

  /** Adds a hypothesis if there is room for it or it is better than the worst. */
  final void add(Strand strand, Finish finish) {
    double score = score(strand, finish);
    if (kept.size() < capacity || score > worst()) {
      kept.add(new Hypothesis(strand, score, finish));
      if (kept.size() > capacity) {
        kept.remove(worstIndex());
      }
    }
  }

  /**
   * Looks after a step whether running beams can still win; once they cannot, that holds. Where no
   * room is left for more tokens, beams that run become hypotheses.
   *
   * @param bestSum the best sum among the candidates of this step
   * @param running the beams that go on, best first
   * @param leading the best candidates of this step that have not ended, within the first as many
   *     as beams
   */
  final void advance(double bestSum, List<Strand> running, List<Strand> leading) {
    Strand first = running.getFirst();
    boolean full = first.tokens().size() >= first.limit();
    if (full && closesBeforeDone()) {
      leading.forEach(strand -> add(strand, Finish.LENGTH));
    }
    done = done || isDone(bestSum, first);
    if (full && !done) {
      if (!closesBeforeDone()) {
        running.forEach(strand -> add(strand, Finish.LENGTH));
      }
      done = true;
    }
  }

  /** Says that no beam is left to go on. */
  final void end() {
    done = true;
  }

  final boolean done() {
    return done;
  }

  /** The best few, best first. */
  final List<Hypothesis> best(int count) {
    return kept.stream()
        .sorted((a, b) -> Double.compare(b.score(), a.score()))
        .limit(count)
        .toList();
  }

  abstract double score(Strand strand, Finish finish);

  abstract boolean isDone(double bestSum, Strand running);

  /** Whether the last beams become hypotheses before it is asked whether they can win. */
  abstract boolean closesBeforeDone();

  final boolean full() {
    return kept.size() >= capacity;
  }

  final double worst() {
    return kept.isEmpty() ? Double.POSITIVE_INFINITY : kept.get(worstIndex()).score();
  }

  private int worstIndex() {
    int worst = 0;
    for (int i = 1; i < kept.size(); i++) {
      if (kept.get(i).score() < kept.get(worst).score()) {
        worst = i;
      }
    }
    return worst;
  }

  final double over(double sum, int length) {
    return sum / Math.pow(length, options.lengthPenalty());
  }

  /** {@link Convention#WHOLE_LENGTH_WITHOUT_END}. */
  private static final class WholeLength extends Hypotheses {
    WholeLength(SearchOptions options, int capacity) {
      super(options, capacity);
    }

    @Override
    double score(Strand strand, Finish finish) {
      int end = finish == Finish.END_TOKEN ? 1 : 0;
      return over(strand.sum(), strand.tokens().size() - end);
    }

    @Override
    boolean isDone(double bestSum, Strand running) {
      if (!full()) {
        return false;
      }
      return switch (options.earlyStopping()) {
        case TRUE -> true;
        case FALSE -> worst() >= over(bestSum, running.tokens().size());
        case NEVER ->
            worst()
                >= over(
                    bestSum,
                    options.lengthPenalty() > 0 ? running.limit() : running.tokens().size());
      };
    }

    @Override
    boolean closesBeforeDone() {
      return false;
    }
  }

  /** {@link Convention#GENERATED_LENGTH_WITH_END}. */
  private static final class GeneratedLength extends Hypotheses {
    GeneratedLength(SearchOptions options, int capacity) {
      super(options, capacity);
    }

    @Override
    double score(Strand strand, Finish finish) {
      return over(strand.sum(), strand.tokens().size() - strand.prompt());
    }

    @Override
    boolean isDone(double bestSum, Strand running) {
      if (full() && options.earlyStopping() == EarlyStopping.TRUE) {
        return true;
      }
      boolean farthest =
          options.earlyStopping() == EarlyStopping.NEVER && options.lengthPenalty() > 0;
      int end = farthest ? running.limit() : running.tokens().size();
      return full() && over(running.sum(), end - running.prompt()) <= worst();
    }

    @Override
    boolean closesBeforeDone() {
      return true;
    }
  }
}
