package dev.heed.attention.kernel;

import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a modifier's parameters gather their gradients: an array for each task, added in the order
 * of tasks, or one for all when no two tasks touch the same element.
 */
final class ParameterGradients {
  /** Above this many numbers for all tasks together, the tasks run one after the other instead. */
  private static final long LARGEST = 16L << 20;

  private final List<Tensor> parameters;
  private final double[][][] tasks;

  private ParameterGradients(List<Tensor> parameters, int copies) {
    this.parameters = parameters;
    this.tasks = new double[copies][parameters.size()][];
    for (double[][] task : tasks) {
      for (int i = 0; i < task.length; i++) {
        task[i] = new double[Math.toIntExact(parameters.get(i).elements())];
      }
    }
  }

  static ParameterGradients of(@Nullable ScoreModifier modifier, int tasks) {
    List<Tensor> parameters = modifier == null ? List.of() : modifier.parameters();
    long elements = parameters.stream().mapToLong(Tensor::elements).sum();
    boolean one =
        modifier == null || modifier.parametersAreDisjoint() || elements * tasks > LARGEST;
    return new ParameterGradients(parameters, one ? 1 : Math.max(1, tasks));
  }

  /** Whether the tasks must run one after the other, in order. */
  static boolean sequential(@Nullable ScoreModifier modifier, ParameterGradients gradients) {
    return modifier != null
        && !gradients.parameters.isEmpty()
        && gradients.tasks.length == 1
        && !modifier.parametersAreDisjoint();
  }

  /** The arrays that this task adds to, one for each parameter. */
  double[][] of(int task) {
    return tasks[tasks.length == 1 ? 0 : task];
  }

  /** The sum over all tasks, one array for each parameter. */
  double[][] sum() {
    double[][] total = tasks[0];
    for (int task = 1; task < tasks.length; task++) {
      for (int i = 0; i < total.length; i++) {
        for (int j = 0; j < total[i].length; j++) {
          total[i][j] += tasks[task][i][j];
        }
      }
    }
    return total;
  }
}
