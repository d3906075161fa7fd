package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A computation that keeps only its inputs and is run a second time when its gradients are wanted,
 * so that what it makes on the way takes no memory between the passes (Chen et al. 2016, "Training
 * Deep Nets with Sublinear Memory Cost", section 3).
 */
public final class Recomputed {
  private Recomputed() {}

  /**
   * Runs a computation that depends on its inputs alone.
   *
   * @param inputs all that gradients may flow to; those that do not require them may be of any type
   * @param body computes the output from these inputs alone, and the same when called again
   * @return what {@code body} gives, owned by the current scope
   */
  public static Tensor apply(List<Tensor> inputs, Function<List<Tensor>, Tensor> body) {
    return apply(inputs, List.of(), null, body);
  }

  /**
   * Runs a computation that also uses parameters, and may draw random numbers.
   *
   * @param inputs what the body is given
   * @param parameters tensors that the body uses by itself and that gradients may flow to
   * @param random what the body draws from: it draws the same numbers again, and the generator then
   *     goes on from where it was; null if it draws none
   * @param body computes the output, and the same when called again
   * @return what {@code body} gives, owned by the current scope
   */
  public static Tensor apply(
      List<Tensor> inputs,
      List<Tensor> parameters,
      @Nullable Generator random,
      Function<List<Tensor>, Tensor> body) {
    List<Boolean> learning = inputs.stream().map(Tensor::requiresGrad).toList();
    List<Tensor> all = new ArrayList<>(inputs);
    all.addAll(parameters);
    return CustomGradient.apply(
        all,
        () -> {
          List<Tensor> saved = new ArrayList<>(inputs);
          if (random != null) {
            saved.add(random.state());
          }
          return new CustomGradient.Forward(body.apply(inputs), saved);
        },
        (gradient, saved) -> {
          Supplier<List<@Nullable Tensor>> again =
              () -> gradients(gradient, again(saved, learning), parameters, body);
          return Gradients.enabled(
              () -> random == null ? again.get() : random.replay(saved.getLast(), again));
        });
  }

  /** The saved inputs as the beginning of a graph of their own. */
  private static List<Tensor> again(List<Tensor> saved, List<Boolean> learning) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < learning.size(); i++) {
      inputs.add(saved.get(i).detach().requiresGrad(learning.get(i)));
    }
    return inputs;
  }

  private static List<@Nullable Tensor> gradients(
      Tensor gradient,
      List<Tensor> inputs,
      List<Tensor> parameters,
      Function<List<Tensor>, Tensor> body) {
    List<Tensor> all = new ArrayList<>(inputs);
    all.addAll(parameters);
    List<Tensor> learning = all.stream().filter(Tensor::requiresGrad).toList();
    List<@Nullable Tensor> found = Gradients.reached(body.apply(inputs), gradient, learning);
    List<@Nullable Tensor> gradients = new ArrayList<>();
    int next = 0;
    for (Tensor tensor : all) {
      gradients.add(tensor.requiresGrad() ? found.get(next++) : null);
    }
    return gradients;
  }
}
