package dev.heed.nn;

import dev.heed.tensor.Gradients;
import dev.heed.tensor.Recomputed;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Gradient checkpointing: a block keeps its inputs instead of its activations, and computes the
 * activations again when the gradients are asked for (Chen et al. 2016, section 4).
 *
 * <p>Outputs and gradients are those of the block alone, to the bit. Dropout draws the same numbers
 * the second time, and leaves its generator where the first time did. A block may be any
 * computation that depends on its inputs, on its module's adaptations, on parameters of the same
 * root, on what the trace puts at its points, and on nothing else that learns: such a tensor would
 * get no gradient.
 *
 * {@snippet :
 * Trace trace = Trace.training(dropout).checkpointing(); // for a whole model
 * Tensor hidden = bert.apply(input, trace).hidden();
 * Tensor y = GradientCheckpoint.apply(block, x, block::apply); // or for one block
 * }
 */
public final class GradientCheckpoint {
  private GradientCheckpoint() {}

  /**
   * Runs one layer of a model, forgetting its activations if the trace is {@linkplain
   * Trace#checkpointing() checkpointing}.
   *
   * @param layer whose parameters and adaptations the computation uses
   * @param trace also names the generator of dropout, and the tensors that its changes depend on
   * @param x the only input
   */
  public static Tensor block(Module layer, Trace trace, Tensor x, UnaryOperator<Tensor> run) {
    return trace.isCheckpointing() && Gradients.areEnabled()
        ? apply(layer, trace, List.of(x), inputs -> run.apply(inputs.getFirst()))
        : run.apply(x);
  }

  /**
   * Runs one layer that reads more than the states before it, forgetting its activations if the
   * trace is {@linkplain Trace#checkpointing() checkpointing}.
   *
   * @param inputs the states first, then what else gradients flow to through the layer
   */
  public static Tensor block(
      Module layer, Trace trace, List<Tensor> inputs, Function<List<Tensor>, Tensor> run) {
    return trace.isCheckpointing() && Gradients.areEnabled()
        ? apply(layer, trace, inputs, run)
        : run.apply(inputs);
  }

  /**
   * Runs a block of one input, without dropout or changes by a trace.
   *
   * @return the block's output, owned by the current scope
   */
  public static Tensor apply(Module block, Tensor x, UnaryOperator<Tensor> run) {
    return apply(block, Trace.NONE, List.of(x), inputs -> run.apply(inputs.getFirst()));
  }

  /**
   * Runs a block of several inputs.
   *
   * @param block whose parameters and adaptations the computation uses
   * @param trace the run's, whose dropout the computation uses
   * @param inputs gradients flow to those that require them
   * @param run gives the same output for the same inputs; called once now and once for gradients
   * @return the block's output, owned by the current scope
   */
  public static Tensor apply(
      Module block, Trace trace, List<Tensor> inputs, Function<List<Tensor>, Tensor> run) {
    Set<Tensor> learning = new LinkedHashSet<>(block.learningAround());
    learning.addAll(trace.sourcesBelow(block.tracePath()));
    return Recomputed.apply(inputs, List.copyOf(learning), trace.dropoutGenerator(), run);
  }
}
