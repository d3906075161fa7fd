package dev.heed.attention.score;

import dev.heed.tensor.CustomGradient;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Applies a modifier to written-down scores, pair by pair, with its gradients. */
final class WholeScores {
  /** What is done with one pair: its index in row-major order, and where it stands. */
  @FunctionalInterface
  private interface Visitor {
    void visit(int index, int batch, int head, int query, int key);
  }

  private WholeScores() {}

  static Tensor modify(ScoreModifier modifier, Tensor scores) {
    List<Tensor> inputs = new ArrayList<>(List.of(scores));
    inputs.addAll(modifier.parameters());
    return CustomGradient.apply(
        inputs,
        () -> new CustomGradient.Forward(forward(modifier, scores), inputs),
        (gradient, saved) -> backward(modifier, saved, gradient));
  }

  private static Tensor forward(ScoreModifier modifier, Tensor scores) {
    double[] values = scores.toDoubleArray();
    forEachPair(
        scores,
        (i, batch, head, query, key) ->
            values[i] = modifier.modify(batch, head, query, key, values[i]));
    // Half precision holds few digits of a large bias, and nothing of one that stands for a mask.
    DType wide = scores.dtype() == DType.F64 ? DType.F64 : DType.F32;
    return Tensor.of(values, scores.shape().toArray()).to(wide);
  }

  private static List<Tensor> backward(
      ScoreModifier modifier, List<Tensor> saved, Tensor gradient) {
    Tensor scores = saved.get(0);
    List<Tensor> parameters = saved.subList(1, saved.size());
    double[] values = scores.toDoubleArray();
    double[] changes = gradient.toDoubleArray();
    double[][] into = new double[parameters.size()][];
    for (int i = 0; i < into.length; i++) {
      into[i] = new double[Math.toIntExact(parameters.get(i).elements())];
    }
    forEachPair(
        scores,
        (i, batch, head, query, key) -> {
          double slope = modifier.derivative(batch, head, query, key, values[i]);
          // A masked pair sends nothing back, and its derivative may not be a number.
          if (changes[i] != 0) {
            modifier.accumulate(batch, head, query, key, values[i], changes[i], into);
            changes[i] *= slope;
          }
        });
    List<Tensor> gradients = new ArrayList<>(List.of(like(scores, changes)));
    for (int i = 0; i < into.length; i++) {
      gradients.add(like(parameters.get(i), into[i]));
    }
    return gradients;
  }

  private static void forEachPair(Tensor scores, Visitor visitor) {
    int heads = (int) scores.size(1);
    int queries = (int) scores.size(2);
    int keys = (int) scores.size(3);
    int index = 0;
    for (int batch = 0; batch < scores.size(0); batch++) {
      for (int head = 0; head < heads; head++) {
        for (int row = 0; row < queries; row++) {
          for (int key = 0; key < keys; key++) {
            visitor.visit(index++, batch, head, row + keys - queries, key);
          }
        }
      }
    }
  }

  private static Tensor like(Tensor tensor, double[] values) {
    DType dtype = tensor.dtype();
    return Tensor.of(values, tensor.shape().toArray()).to(dtype);
  }
}
