package dev.heed.explain;

import dev.heed.evaluate.Correlation;
import dev.heed.explain.OutcomeModel.Word;
import dev.heed.explain.measure.Divergence;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One check of {@link MapChecker}. */
final class MapCheckRun {
  /** The share of the candidates that is taken away. */
  private static final double REMOVED = 0.1;

  /** Texts up to this many tokens are measured more often. */
  private static final int SHORT = 128;

  /** What a gradient costs, in runs. */
  private static final int GRADIENT_RUNS = 3;

  /** So many weights of a layer are held at once. */
  private static final long MOST_WEIGHTS = 1L << 24;

  private final OutcomeModel model;
  private final List<String> points;
  private final MapChecker.Question question;
  private final Word word;
  private final List<UnitGroup> groups;
  private final int visible;
  private final List<Integer> candidates;
  private final OptionalInt mask;
  private final MapChecker.Progress progress;
  private final int sets;
  private final int shuffles;
  private final int runs;
  private int done;

  MapCheckRun(
      OutcomeModel model,
      List<String> points,
      MapChecker.Question question,
      long[] ids,
      List<UnitGroup> groups,
      int visible,
      List<Integer> candidates,
      OptionalInt mask,
      MapChecker.Progress progress) {
    this.model = model;
    this.points = points;
    this.question = question;
    this.groups = groups;
    this.visible = visible;
    this.candidates = candidates;
    this.mask = mask;
    this.progress = progress;
    if (isAcross()) {
      this.word = new Word(ids, question.unit(), 1);
    } else {
      List<Integer> own = groups.get(question.unit()).members();
      this.word = new Word(ids, own.getFirst(), own.size());
    }
    this.sets = candidates.size() < 2 ? 0 : ids.length <= SHORT ? 10 : 4;
    this.shuffles = !isRaw() ? 0 : ids.length <= SHORT ? 32 : 8;
    this.runs = 2 + GRADIENT_RUNS + (sets == 0 ? 0 : 1 + sets) + 1 + shuffles;
  }

  /** Whether what attends is written, and no part of the text. */
  private boolean isAcross() {
    return model.written() != null;
  }

  private boolean isRaw() {
    return question.method() == MapMethod.RAW;
  }

  MapCheck check() {
    step(0);
    Outcome said = run(word);
    double[] direction = direction(said);
    try (TensorScope scope = TensorScope.open()) {
      AttentionGradients attention =
          AttentionGradients.of(points, trace -> model.score(word, trace, said, direction));
      step(GRADIENT_RUNS);
      AttentionMap.require("head", question.head(), Math.toIntExact(attention.weights().size(2)));
      double[] relevance =
          isRaw()
              ? new double[0]
              : units(rows(GradientRelevance.of(attention).select(0, -1).select(0, 0)));
      double[] marks = marks(attention, relevance);
      Double agreement = agreement(attention, marks, relevance);
      MapCheck.Removal removal = sets == 0 ? null : removal(said, marks);
      double uniform = said.changeTo(uniform());
      MapCheck.Alternative alternative =
          isRaw() ? alternative(said, rows(head(attention.weights()))) : null;
      return new MapCheck(
          question.method(), said.kind(), marks, agreement, removal, uniform, alternative);
    }
  }

  /** Where a word's vector goes by the other words; classes and tokens need none. */
  private double[] direction(Outcome said) {
    if (said.kind() != Outcome.Kind.WORD_VECTOR) {
      step(1);
      return new double[0];
    }
    return OutcomeModel.direction(run(without(Set.copyOf(candidates))), said);
  }

  private void step(int more) {
    done += more;
    progress.at(done, runs);
  }

  private Outcome run(Word one) {
    Outcome outcome = model.run(List.of(one), Trace.NONE).getFirst();
    step(1);
    return outcome;
  }

  private double[] marks(AttentionGradients attention, double[] relevance) {
    Tensor weights = attention.weights();
    return switch (question.method()) {
      case RAW -> units(rows(head(weights)));
      case ROLLOUT -> units(rows(AttentionRollout.of(weights).select(0, -1).select(0, 0)));
      case FLOW -> units(flow(weights.select(1, 0)));
      case GRADIENT -> relevance;
    };
  }

  private double[][] flow(Tensor weights) {
    double[][] rows = new double[word.count()][];
    Arrays.setAll(rows, i -> AttentionFlow.shares(weights, word.first() + i));
    return rows;
  }

  /** {@code [tokens, tokens]} of the head that is asked for. */
  private Tensor head(Tensor all) {
    return all.select(0, question.layer()).select(0, 0).select(0, question.head());
  }

  /** The word's rows of a map between tokens. */
  private double[][] rows(Tensor map) {
    double[][] rows = new double[word.count()][];
    Arrays.setAll(rows, i -> map.select(0, word.first() + i).to(DType.F64).toDoubleArray());
    return rows;
  }

  /** What a word gives each unit: its tokens on average, to a unit's tokens together. */
  private double[] units(double[][] rows) {
    double[] sums = new double[groups.size()];
    for (double[] row : rows) {
      for (int unit = 0; unit < sums.length; unit++) {
        for (int token : groups.get(unit).members()) {
          sums[unit] += row[token] / rows.length;
        }
      }
    }
    return sums;
  }

  private @Nullable Double agreement(
      AttentionGradients attention, double[] marks, double[] relevance) {
    if (question.method() == MapMethod.GRADIENT) {
      return null;
    }
    double[] reference =
        isRaw()
            ? Arrays.stream(units(rows(head(attention.gradients()).mul(head(attention.weights())))))
                .map(Math::abs)
                .toArray()
            : relevance;
    // What a word keeps of itself is the residual connection's, and no choice of the map.
    int[] compared =
        IntStream.range(0, visible).filter(i -> isRaw() || i != question.unit()).toArray();
    double tau =
        compared.length < 3
            ? Double.NaN
            : Correlation.kendall(
                IntStream.of(compared).mapToDouble(i -> marks[i]).toArray(),
                IntStream.of(compared).mapToDouble(i -> reference[i]).toArray());
    return Double.isFinite(tau) ? tau : null;
  }

  private MapCheck.Removal removal(Outcome said, double[] marks) {
    int count = (int) Math.ceil(REMOVED * candidates.size());
    List<Integer> top =
        candidates.stream()
            .sorted(Comparator.comparingDouble((Integer unit) -> -marks[unit]))
            .limit(count)
            .toList();
    double change = said.changeTo(run(without(Set.copyOf(top))));
    Random random = new Random(1);
    double sum = 0;
    int weaker = 0;
    for (int i = 0; i < sets; i++) {
      List<Integer> drawn = new ArrayList<>(candidates);
      Collections.shuffle(drawn, random);
      double other = said.changeTo(run(without(new HashSet<>(drawn.subList(0, count)))));
      sum += other;
      weaker += other < change ? 1 : 0;
    }
    return new MapCheck.Removal(top, change, sum / sets, sets, weaker, mask.isPresent());
  }

  /** The text without some units: masked, or cut out where there is no mask token. */
  private Word without(Set<Integer> units) {
    boolean[] gone = new boolean[word.ids().length];
    units.forEach(unit -> groups.get(unit).members().forEach(token -> gone[token] = true));
    if (mask.isPresent()) {
      long[] ids = word.ids().clone();
      Arrays.setAll(ids, i -> gone[i] ? mask.getAsInt() : ids[i]);
      return new Word(ids, word.first(), word.count());
    }
    int[] kept = IntStream.range(0, gone.length).filter(i -> !gone[i]).toArray();
    int before =
        isAcross() ? word.first() : (int) IntStream.of(kept).filter(i -> i < word.first()).count();
    long[] ids = IntStream.of(kept).mapToLong(i -> word.ids()[i]).toArray();
    return new Word(ids, before, word.count());
  }

  private Outcome uniform() {
    try (Trace trace = Trace.changing()) {
      if (isRaw()) {
        trace.replace(points.get(question.layer()), MapChanges.uniform(question.head()));
      } else {
        points.forEach(point -> trace.replace(point, MapChanges.uniform()));
      }
      Outcome outcome = model.run(List.of(word), trace).getFirst();
      step(1);
      return outcome;
    }
  }

  private MapCheck.Alternative alternative(Outcome said, double[][] rows) {
    double[] weights = units(rows);
    int alike = 0;
    double[] best = null;
    double change = 0;
    double farthest = 0;
    long size = (long) word.ids().length * word.ids().length;
    int together = (int) Math.clamp(MOST_WEIGHTS / (16 * size), 1, shuffles);
    for (int from = 0; from < shuffles; from += together) {
      int count = Math.min(together, shuffles - from);
      double[][][] others = new double[count][rows.length][];
      for (int i = 0; i < count * rows.length; i++) {
        others[i / rows.length][i % rows.length] =
            MapChanges.shuffled(rows[i % rows.length], from + i / rows.length);
      }
      List<Outcome> outcomes = shuffled(others);
      for (int i = 0; i < count; i++) {
        double moved = said.changeTo(outcomes.get(i));
        if (moved <= MapChecker.ALIKE) {
          alike++;
          double[] other = units(others[i]);
          double away = divergence(weights, other);
          if (best == null || away > farthest) {
            best = other;
            change = moved;
            farthest = away;
          }
        }
      }
      step(count);
    }
    float[] found = best == null ? null : floats(best);
    return new MapCheck.Alternative(
        shuffles, alike, MapChecker.ALIKE, found, Math.max(0, change), farthest);
  }

  private List<Outcome> shuffled(double[][][] others) {
    try (Trace trace = Trace.changing()) {
      trace.replace(
          points.get(question.layer()), MapChanges.rows(question.head(), word.first(), others));
      return model.run(Collections.nCopies(others.length, word), trace);
    }
  }

  private static double divergence(double[] one, double[] two) {
    try (TensorScope scope = TensorScope.open()) {
      return Divergence.jensenShannon(Tensor.of(one, one.length), Tensor.of(two, two.length))
          .item();
    }
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
