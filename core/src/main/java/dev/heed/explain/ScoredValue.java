package dev.heed.explain;

import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A value that a model computes with, for example its word embeddings or pixels, and the score that
 * follows from it.
 *
 * @param value {@code [batch, …]}, owned by the scope it was made in
 * @param score from another value of this shape to the number of each row to explain, {@code
 *     [batch]}, for example a class's logit
 */
public record ScoredValue(Tensor value, UnaryOperator<Tensor> score) {
  /**
   * The value at a trace point of a run.
   *
   * @param point the full name, for example {@code bert.embeddings.words}
   * @param score runs the model with this trace and gives a number for each row
   * @throws IllegalArgumentException if the run does not pass the point
   */
  public static ScoredValue at(String point, Function<Trace, Tensor> score) {
    return TensorScope.run(() -> {
      try (Trace trace = Trace.record(point::equals)) {
        Tensor _ = score.apply(trace);
        return new ScoredValue(
            trace.value(point).detach().copy(),
            value -> {
              try (Trace patched = Trace.changing().patch(point, value)) {
                return score.apply(patched);
              }
            });
      }
    });
  }
}
