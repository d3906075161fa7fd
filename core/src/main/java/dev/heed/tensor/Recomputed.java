package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A computation that keeps only its inputs and is run a second time when its gradients are wanted,
 * so that what it makes on the way takes no memory between the passes (Chen et al. 2016, "Training
 * Deep Nets with Sublinear Memory Cost", section 3).
 */
public final class Recomputed {
  private Recomputed() {}

  /**
   * Runs a computation.
   *
   * @param inputs all that gradients may flow to, floating point or complex
   * @param body computes the output from these inputs alone, and the same when called again
   * @return what {@code body} gives, owned by the current scope
   */
  public static Tensor apply(List<Tensor> inputs, Function<List<Tensor>, Tensor> body) {
    List<Boolean> learning = inputs.stream().map(Tensor::requiresGrad).toList();
    return CustomGradient.apply(
        inputs,
        () -> new CustomGradient.Forward(body.apply(inputs), inputs),
        (gradient, saved) ->
            Gradients.enabled(() -> gradients(gradient, again(saved, learning), body)));
  }

  /** The saved inputs as the beginning of a graph of their own. */
  private static List<Tensor> again(List<Tensor> saved, List<Boolean> learning) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < saved.size(); i++) {
      inputs.add(saved.get(i).detach().requiresGrad(learning.get(i)));
    }
    return inputs;
  }

  private static List<@Nullable Tensor> gradients(
      Tensor gradient, List<Tensor> inputs, Function<List<Tensor>, Tensor> body) {
    List<Tensor> learning = inputs.stream().filter(Tensor::requiresGrad).toList();
    List<Tensor> found = Gradients.of(body.apply(inputs), gradient, learning);
    List<@Nullable Tensor> all = new ArrayList<>();
    int next = 0;
    for (Tensor input : inputs) {
      all.add(input.requiresGrad() ? found.get(next++) : null);
    }
    return all;
  }
}
