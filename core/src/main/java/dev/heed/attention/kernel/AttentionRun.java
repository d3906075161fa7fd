package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Backend;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workers;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attention on Heed's own paths: vectors, or plain loops for f64 and where vectors are missing.
 */
final class AttentionRun {
  private static final double FORWARD_FLOPS = 4;
  private static final double BACKWARD_FLOPS = 10;

  private final Problem problem;
  private final boolean vectors;

  private AttentionRun(Problem problem, boolean vectors) {
    this.problem = problem;
    this.vectors = vectors;
  }

  static AttentionRun of(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    Problem problem = Problem.of(Operands.of(q), Operands.of(k), Operands.of(v), spec);
    return new AttentionRun(problem, problem.byVectors());
  }

  void forward(Tensor output, @Nullable Tensor normalisers) {
    Workers workers = Teams.of(Backend.threads());
    Normalisers rows = normalisers == null ? null : Normalisers.of(normalisers);
    if (!vectors) {
      new ScalarAttention(problem).forward(workers, Operands.of(output), rows);
      return;
    }
    long start = PathChoice.clock();
    if (DecodingPass.fits(problem)) {
      new DecodingPass(problem, Operands.of(output), rows).compute(workers);
    } else {
      new ForwardPass(problem, schedules(), Operands.of(output), rows).compute(workers);
    }
    observe(FORWARD_FLOPS, start, workers.size());
  }

  /**
   * @param written the output and its gradient
   * @param gradients of q, k and v, written
   * @return gradients of the modifier's parameters
   */
  double[][] backward(List<Tensor> written, List<@Nullable Tensor> gradients, Tensor normalisers) {
    Workers workers = Teams.of(Backend.threads());
    InputGradients targets =
        new InputGradients(
            Operands.of(written.get(0)),
            Operands.of(written.get(1)),
            Operands.of(Objects.requireNonNull(gradients.get(0))),
            Operands.of(Objects.requireNonNull(gradients.get(1))),
            Operands.of(Objects.requireNonNull(gradients.get(2))));
    if (!vectors) {
      return new ScalarAttention(problem).backward(workers, targets, Normalisers.of(normalisers));
    }
    long start = PathChoice.clock();
    double[][] parameters =
        new BackwardPass(problem, schedules(), targets, Normalisers.of(normalisers))
            .compute(workers);
    observe(BACKWARD_FLOPS, start, workers.size());
    return parameters;
  }

  private PlaneSchedules schedules() {
    return ScheduleCache.SHARED.of(
        problem.mask(), problem.queries().length(), problem.keys().length());
  }

  /**
   * Lambdas in masks and modifiers have a speed of their own: only plain runs tell of the kernel.
   */
  private void observe(double flopsPerElement, long start, int threads) {
    AttentionMask mask = problem.mask();
    boolean wide = problem.queries().width() >= Lanes.LENGTH; // else copying rows takes the time
    if (wide && mask == null && problem.modifier() == null) {
      double pairs = (double) problem.queries().length() * problem.keys().length();
      double flops = flopsPerElement * problem.planes() * pairs * problem.queries().width();
      PathChoice.observe(flops, (PathChoice.clock() - start) / 1e9, threads);
    }
  }
}
