package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.kernel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The same attention by plain loops in double precision, for every format: the twin that the vector
 * kernel is tested against, the path where it is not available, and the one for f64.
 *
 * <p>One row of scores at a time; O(n) memory.
 */
final class ScalarAttention {
  private final Problem problem;
  private final Operand q;
  private final Operand k;
  private final Operand v;

  ScalarAttention(Problem problem) {
    this.problem = problem;
    this.q = problem.queries();
    this.k = problem.keys();
    this.v = problem.values();
  }

  /**
   * Writes the output.
   *
   * @param normalisers of every row, written if not null
   */
  void forward(Workers workers, Operand output, @Nullable Normalisers normalisers) {
    workers.run(
        problem.planes(),
        (plane, scratch) -> {
          Row row = new Row(problem.batch(plane), problem.head(plane));
          for (int i = 0; i < q.length(); i++) {
            forwardRow(row, i, output, normalisers);
          }
        });
  }

  private void forwardRow(Row row, int i, Operand output, @Nullable Normalisers normalisers) {
    double greatest = row.scores(i);
    double sum = row.exponentiate(greatest);
    row.drop(i);
    double[] sums = new double[v.width()];
    for (int j = 0; j < k.length(); j++) {
      if (row.kept[j] != 0) {
        for (int d = 0; d < v.width(); d++) {
          sums[d] += row.kept[j] * row.values[j * v.width() + d];
        }
      }
    }
    for (int d = 0; d < v.width(); d++) {
      output.set(row.batch, row.head, i, d, sum == 0 ? 0 : sums[d] / sum);
    }
    if (normalisers != null) {
      normalisers.set(row.batch, row.head, i, greatest, sum);
    }
  }

  /**
   * Writes the gradients.
   *
   * @param normalisers what the forward pass wrote
   * @return those of the modifier's parameters
   */
  double[][] backward(Workers workers, InputGradients gradients, Normalisers normalisers) {
    int tasks = k.batches() * k.heads();
    ParameterGradients parameters = ParameterGradients.of(problem.modifier(), tasks);
    Workers.Task task =
        (keyPlane, scratch) -> backward(keyPlane, gradients, normalisers, parameters.of(keyPlane));
    if (ParameterGradients.sequential(problem.modifier(), parameters)) {
      Workers.alone(tasks, task);
    } else {
      workers.run(tasks, task);
    }
    return parameters.sum();
  }

  private void backward(
      int keyPlane, InputGradients gradients, Normalisers normalisers, double[][] into) {
    int batch = keyPlane / k.heads();
    int keyHead = keyPlane % k.heads();
    double[] keySums = new double[k.length() * k.width()];
    double[] valueSums = new double[v.length() * v.width()];
    for (int g = 0; g < problem.headsPerKey(); g++) {
      Row row = new Row(batch, keyHead * problem.headsPerKey() + g);
      for (int i = 0; i < q.length(); i++) {
        row.scores(i);
        row.weigh(normalisers.greatest(batch, row.head, i), normalisers.logSum(batch, row.head, i));
        row.drop(i);
        backwardRow(row, i, gradients, keySums, valueSums, into);
      }
    }
    write(gradients.keys(), batch, keyHead, keySums, problem.scale());
    write(gradients.values(), batch, keyHead, valueSums, 1);
  }

  private void backwardRow(
      Row row, int i, InputGradients g, double[] keySums, double[] valueSums, double[][] into) {
    double delta = 0;
    for (int d = 0; d < v.width(); d++) {
      delta +=
          g.outputGradient().get(row.batch, row.head, i, d)
              * g.output().get(row.batch, row.head, i, d);
    }
    double[] queryGradient = new double[q.width()];
    for (int j = 0; j < k.length(); j++) {
      if (row.weights[j] != 0) {
        double inner = row.spreadValue(g.outputGradient(), i, j, valueSums);
        double factor = row.kept[j] / row.weights[j];
        double change = row.weights[j] * (inner * factor - delta);
        double toScore = row.throughModifier(i, j, change, into);
        for (int d = 0; d < q.width(); d++) {
          queryGradient[d] += toScore * row.keys[j * k.width() + d];
          keySums[j * k.width() + d] += toScore * row.query[d];
        }
      }
    }
    for (int d = 0; d < q.width(); d++) {
      g.queries().set(row.batch, row.head, i, d, queryGradient[d] * problem.scale());
    }
  }

  private static void write(Operand target, int batch, int head, double[] sums, double factor) {
    for (int j = 0; j < target.length(); j++) {
      for (int d = 0; d < target.width(); d++) {
        target.set(batch, head, j, d, sums[j * target.width() + d] * factor);
      }
    }
  }

  private static double[] read(Operand operand, int batch, int head) {
    double[] numbers = new double[operand.length() * operand.width()];
    for (int row = 0; row < operand.length(); row++) {
      for (int column = 0; column < operand.width(); column++) {
        numbers[row * operand.width() + column] = operand.get(batch, head, row, column);
      }
    }
    return numbers;
  }

  /** The scores and weights of one query at a time. */
  private final class Row {
    final int batch;
    final int head;
    final int keyHead;
    final double[] keys;
    final double[] values;
    final double[] query = new double[q.width()];
    final double[] raw = new double[k.length()];
    final double[] changed = new double[k.length()];
    final double[] weights = new double[k.length()];
    final double[] kept = new double[k.length()];

    Row(int batch, int head) {
      this.batch = batch;
      this.head = head;
      this.keyHead = head / problem.headsPerKey();
      this.keys = read(k, batch, keyHead);
      this.values = read(v, batch, keyHead);
    }

    /**
     * Computes the scores of a query, minus infinity where the mask forbids, and returns the
     * greatest.
     */
    double scores(int i) {
      for (int d = 0; d < q.width(); d++) {
        query[d] = q.get(batch, head, i, d);
      }
      int position = i + problem.firstPosition();
      AttentionMask mask = problem.mask();
      ScoreModifier modifier = problem.modifier();
      double greatest = -Double.MAX_VALUE;
      for (int j = 0; j < k.length(); j++) {
        changed[j] = Double.NEGATIVE_INFINITY;
        if (mask == null || mask.allows(batch, head, position, j)) {
          raw[j] = dot(j) * problem.toScores();
          changed[j] =
              modifier == null ? raw[j] : modifier.modify(batch, head, position, j, raw[j]);
          greatest = Math.max(greatest, changed[j]);
        }
      }
      return greatest;
    }

    private double dot(int j) {
      double sum = 0;
      for (int d = 0; d < q.width(); d++) {
        sum += query[d] * keys[j * k.width() + d];
      }
      return sum;
    }

    /** Turns scores into powers and returns their sum. */
    double exponentiate(double greatest) {
      weigh(greatest, 0);
      return Arrays.stream(weights).sum();
    }

    /** Turns scores into weights. */
    void weigh(double greatest, double logSum) {
      for (int j = 0; j < k.length(); j++) {
        weights[j] =
            changed[j] == Double.NEGATIVE_INFINITY
                ? 0
                : problem.weight(changed[j], greatest, logSum);
      }
    }

    void drop(int i) {
      if (!problem.dropout().active()) {
        System.arraycopy(weights, 0, kept, 0, kept.length);
        return;
      }
      Arrays.fill(kept, 0);
      int plane = problem.dropout().plane(batch, head);
      for (int j = 0; j < k.length(); j++) {
        if (problem.dropout().keeps(plane, i, j)) {
          kept[j] = weights[j] * problem.dropout().factor();
        }
      }
    }

    /** Adds to the value's gradient and returns the gradient of the weight. */
    double spreadValue(Operand outputGradient, int i, int j, double[] valueSums) {
      double inner = 0;
      for (int d = 0; d < v.width(); d++) {
        double change = outputGradient.get(batch, head, i, d);
        inner += change * values[j * v.width() + d];
        valueSums[j * v.width() + d] += kept[j] * change;
      }
      return inner;
    }

    double throughModifier(int i, int j, double change, double[][] into) {
      ScoreModifier modifier = problem.modifier();
      if (modifier == null) {
        return change;
      }
      int position = i + problem.firstPosition();
      double slope = modifier.derivative(batch, head, position, j, raw[j]);
      if (change == 0) {
        return change;
      }
      modifier.accumulate(batch, head, position, j, raw[j], change, into);
      return change * slope;
    }
  }
}
