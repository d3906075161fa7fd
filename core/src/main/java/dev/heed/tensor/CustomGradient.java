package dev.heed.tensor;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives a computation written in Java a backward pass of its own.
 *
 * <p>The output is computed without recording, then tied into LibTorch's graph by a term that is
 * always zero and depends on an alias of each input. A hook on the output receives its gradient and
 * runs the backward pass; a hook on each alias replaces the zero that arrives there. Hooks run on
 * the thread that asked for gradients.
 *
 * <p>What the backward pass needs lives as long as the graph can use it: see {@link TiedNode}.
 */
public final class CustomGradient {
  /**
   * What a forward pass hands on.
   *
   * @param output the result, made without gradients
   * @param saved what the backward pass needs besides; kept until the graph is freed
   */
  public record Forward(Tensor output, List<Tensor> saved) {}

  /** The backward pass. */
  @FunctionalInterface
  public interface Backward {
    /**
     * Gradients of the inputs.
     *
     * @param gradOutput the gradient of the output, of its shape; may be non-contiguous
     * @param saved what the forward pass saved, in its order; if any of it was changed in place
     *     since, whoever asks for gradients gets an {@link IllegalStateException} instead
     * @return one an input in their order, of its shape; null where the input gets none
     */
    List<? extends @Nullable Tensor> apply(Tensor gradOutput, List<Tensor> saved);
  }

  private CustomGradient() {}

  /**
   * Runs {@code forward} without recording and, if gradients flow to any input, ties its output
   * into the graph.
   *
   * @param inputs what gradients flow to; those that do not require gradients are skipped
   * @param forward the computation; its temporary tensors are freed
   * @param backward its gradients
   * @return the output, owned by the current scope
   */
  public static Tensor apply(List<Tensor> inputs, Supplier<Forward> forward, Backward backward) {
    FinishedGraphs.release(false);
    boolean needed = Gradients.areEnabled() && inputs.stream().anyMatch(Tensor::requiresGrad);
    try (TensorScope scope = TensorScope.open()) {
      Forward result = Gradients.disabled(forward::get);
      return scope.keep(needed ? TiedNode.tie(inputs, result, backward) : result.output());
    }
  }
}
