package dev.heed.explain;

import dev.heed.nn.Trace;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Activation patching: where in a run the difference between two inputs is carried, found by giving
 * the run of one an activation of the run of the other (Vig et al., Causal Mediation Analysis,
 * NeurIPS 2020; Meng et al., Locating and Editing Factual Associations, NeurIPS 2022, section 2).
 *
 * <p>The corrupted input is run with one activation replaced by the clean run's; a score that comes
 * back to the clean run's says that this activation carries what matters. Both inputs have as many
 * tokens.
 */
public final class ActivationPatching implements AutoCloseable {
  private final Map<String, Tensor> cleanValues;
  private final Function<Trace, Tensor> corruptedScore;
  private final double clean;
  private final double corrupted;

  private ActivationPatching(
      Map<String, Tensor> cleanValues,
      Function<Trace, Tensor> corruptedScore,
      double clean,
      double corrupted) {
    this.cleanValues = cleanValues;
    this.corruptedScore = corruptedScore;
    this.clean = clean;
    this.corrupted = corrupted;
  }

  /**
   * Runs both inputs once and keeps the clean run's activations.
   *
   * @param points the full names of all that shall be patched
   * @param cleanScore runs the clean input with this trace and gives a number, for example the
   *     answer's logit minus that of a wrong answer
   * @param corruptedScore the same of the other input
   * @return owned by the caller
   * @throws IllegalArgumentException if the clean run does not pass a point
   */
  public static ActivationPatching of(
      Set<String> points,
      Function<Trace, Tensor> cleanScore,
      Function<Trace, Tensor> corruptedScore) {
    try (TensorScope scope = TensorScope.open();
        Trace trace = Trace.record(points::contains)) {
      double clean = cleanScore.apply(trace).item();
      double corrupted = corruptedScore.apply(Trace.NONE).item();
      Map<String, Tensor> values =
          points.stream()
              .collect(
                  Collectors.toMap(
                      point -> point, point -> TensorScope.release(trace.value(point).copy())));
      return new ActivationPatching(values, corruptedScore, clean, corrupted);
    }
  }

  /** The clean run's score. */
  public double clean() {
    return clean;
  }

  /** The corrupted run's score. */
  public double corrupted() {
    return corrupted;
  }

  /**
   * Patches one position at a time.
   *
   * @param points of activations {@code [batch, tokens, size]}
   * @return scores f64 {@code [points, tokens]}
   */
  public Tensor positions(List<String> points) {
    int tokens = size(points, 3, 1);
    double[] scores = new double[points.size() * tokens];
    for (int i = 0; i < scores.length; i++) {
      String point = points.get(i / tokens);
      int position = i % tokens;
      scores[i] = score(point, value -> take(value, clean(point), 1, position));
    }
    return Tensor.of(scores, points.size(), tokens);
  }

  /**
   * Patches one head at a time, at all positions.
   *
   * @param points of heads' outputs {@code [batch, heads, tokens, size]}
   * @return scores f64 {@code [points, heads]}
   */
  public Tensor heads(List<String> points) {
    int heads = size(points, 4, 1);
    double[] scores = new double[points.size() * heads];
    for (int i = 0; i < scores.length; i++) {
      String point = points.get(i / heads);
      int head = i % heads;
      scores[i] = score(point, value -> take(value, clean(point), 1, head));
    }
    return Tensor.of(scores, points.size(), heads);
  }

  /**
   * Patches one head at one position at a time.
   *
   * @param points of heads' outputs {@code [batch, heads, tokens, size]}
   * @return scores f64 {@code [points, heads, tokens]}
   */
  public Tensor headPositions(List<String> points) {
    int heads = size(points, 4, 1);
    int tokens = size(points, 4, 2);
    double[] scores = new double[points.size() * heads * tokens];
    for (int i = 0; i < scores.length; i++) {
      String point = points.get(i / (heads * tokens));
      int head = i / tokens % heads;
      int position = i % tokens;
      scores[i] =
          score(
              point,
              value -> take(value.select(1, head), clean(point).select(1, head), 1, position));
    }
    return Tensor.of(scores, points.size(), heads, tokens);
  }

  /**
   * Scores on a scale on which the corrupted run has 0 and the clean run 1.
   *
   * @return {@code (score - corrupted) / (clean - corrupted)}; not finite where both are the same
   */
  public Tensor normalized(Tensor scores) {
    return TensorScope.run(() -> scores.sub(corrupted).div(clean - corrupted));
  }

  /** The corrupted run's score with a change, in place, of a copy of one activation. */
  private double score(String point, Consumer<Tensor> change) {
    try (TensorScope scope = TensorScope.open();
        Trace trace =
            Trace.changing()
                .replace(
                    point,
                    value -> {
                      Tensor changed = value.copy();
                      change.accept(changed);
                      return changed;
                    })) {
      return corruptedScore.apply(trace).item();
    }
  }

  private static void take(Tensor into, Tensor from, int dim, int place) {
    if (!into.shape().equals(from.shape())) {
      throw new ShapeException(
          "activation patching: expected as many tokens in both inputs, got "
              + from.shape()
              + " in the clean run and "
              + into.shape());
    }
    Tensor slice = into.narrow(dim, place, 1).assign(from.narrow(dim, place, 1));
    slice.close();
  }

  private Tensor clean(String point) {
    Tensor value = cleanValues.get(point);
    if (value == null) {
      throw new IllegalArgumentException(
          "activation patching: expected one of " + cleanValues.keySet() + ", got " + point);
    }
    return value;
  }

  private int size(List<String> points, int rank, int dim) {
    for (String point : points) {
      if (clean(point).rank() != rank) {
        throw new ShapeException(
            point + ": expected " + rank + " dimensions, got " + clean(point).shape());
      }
    }
    return Math.toIntExact(clean(points.getFirst()).size(dim));
  }

  /** Frees the clean run's activations. */
  @Override
  public void close() {
    cleanValues.values().forEach(Tensor::close);
  }
}
