package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.lang.foreign.MemorySegment;
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
    Problem problem =
        new Problem(
            Operands.of(q),
            Operands.of(k),
            Operands.of(v),
            spec.scaleFor((int) q.size(3)),
            spec.mask(),
            spec.modifier(),
            new WeightDropout(spec.dropout(), spec.seed()));
    boolean vectors = q.dtype() != DType.F64 && PathChoice.live().path() == AttentionPath.VECTOR;
    return new AttentionRun(problem, vectors);
  }

  void forward(Tensor output, @Nullable Tensor logSum) {
    Workers workers = Teams.current();
    if (!vectors) {
      new ScalarAttention(problem)
          .forward(workers, Operands.of(output), logSum == null ? null : Operands.ofRows(logSum));
      return;
    }
    long start = System.nanoTime();
    MemorySegment sums = logSum == null ? null : logSum.segment();
    if (DecodingPass.fits(problem)) {
      new DecodingPass(problem, Operands.of(output), sums).compute(workers);
    } else {
      new ForwardPass(problem, schedules(), Operands.of(output), sums).compute(workers);
    }
    observe(FORWARD_FLOPS, start, workers.size());
  }

  /**
   * @param written the output and its gradient
   * @param gradients of q, k and v, written
   * @return gradients of the modifier's parameters
   */
  double[][] backward(List<Tensor> written, List<@Nullable Tensor> gradients, Tensor logSum) {
    Workers workers = Teams.current();
    InputGradients targets =
        new InputGradients(
            Operands.of(written.get(0)),
            Operands.of(written.get(1)),
            Operands.of(Objects.requireNonNull(gradients.get(0))),
            Operands.of(Objects.requireNonNull(gradients.get(1))),
            Operands.of(Objects.requireNonNull(gradients.get(2))));
    if (!vectors) {
      return new ScalarAttention(problem).backward(workers, targets, Operands.ofRows(logSum));
    }
    long start = System.nanoTime();
    double[][] parameters =
        new BackwardPass(problem, schedules(), targets, logSum.segment()).compute(workers);
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
    if (mask == null && problem.modifier() == null) {
      double pairs = (double) problem.queries().length() * problem.keys().length();
      double flops = flopsPerElement * problem.planes() * pairs * problem.queries().width();
      PathChoice.observe(flops, (System.nanoTime() - start) / 1e9, threads);
    }
  }
}
