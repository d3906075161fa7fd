package dev.heed.nn;

import dev.heed.tensor.CustomGradient;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gradient checkpointing: a block keeps its inputs instead of its activations, and computes the
 * activations again when the gradients are asked for (Chen et al. 2016, section 4).
 *
 * <p>Outputs and gradients are those of the block alone, to the bit. Dropout draws the same numbers
 * the second time, and leaves its generator where the first time did. A block may be any
 * computation that depends on its inputs, on the parameters of the modules named and on nothing
 * else that learns: such a tensor would get no gradient.
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
    if (!trace.isCheckpointing() || !Gradients.areEnabled()) {
      return run.apply(x);
    }
    List<Tensor> learning = new ArrayList<>(layer.learning());
    learning.addAll(trace.sourcesBelow(layer.path()));
    return apply(
        learning, trace.dropoutGenerator(), List.of(x), inputs -> run.apply(inputs.getFirst()));
  }

  /**
   * Runs a block of one module and one input, without dropout.
   *
   * @return the block's output, owned by the current scope
   */
  public static Tensor apply(Module block, Tensor x, UnaryOperator<Tensor> run) {
    return apply(block.learning(), null, List.of(x), inputs -> run.apply(inputs.getFirst()));
  }

  /**
   * Runs any block.
   *
   * @param learning the tensors that it learns besides its inputs: {@link Module#learning}
   * @param random the generator that it draws from, or null if it draws from none
   * @param inputs what it computes with; gradients flow to those that require them
   * @param block gives the same output for the same inputs; called once now and once for gradients
   * @return the block's output, owned by the current scope
   */
  public static Tensor apply(
      List<Tensor> learning,
      @Nullable Generator random,
      List<Tensor> inputs,
      Function<List<Tensor>, Tensor> block) {
    List<Tensor> targets = new ArrayList<>(inputs);
    targets.addAll(learning);
    List<Boolean> differentiable = inputs.stream().map(Tensor::requiresGrad).toList();
    return CustomGradient.apply(
        targets,
        () -> {
          List<Tensor> saved = new ArrayList<>(inputs);
          if (random != null) {
            saved.add(random.state());
          }
          return new CustomGradient.Forward(block.apply(inputs), saved);
        },
        (gradient, saved) -> {
          List<Tensor> again = saved.subList(0, inputs.size());
          Supplier<List<@Nullable Tensor>> backward =
              () -> backward(again, differentiable, learning, gradient, block);
          return random == null ? backward.get() : random.replay(saved.getLast(), backward);
        });
  }

  private static List<@Nullable Tensor> backward(
      List<Tensor> saved,
      List<Boolean> differentiable,
      List<Tensor> learning,
      Tensor gradient,
      Function<List<Tensor>, Tensor> block) {
    return Gradients.enabled(() -> {
      List<Tensor> inputs = new ArrayList<>();
      List<Tensor> targets = new ArrayList<>();
      for (int i = 0; i < saved.size(); i++) {
        Tensor input = saved.get(i).detach().requiresGrad(differentiable.get(i));
        inputs.add(input);
        if (differentiable.get(i)) {
          targets.add(input);
        }
      }
      learning.stream().filter(Tensor::requiresGrad).forEach(targets::add);
      List<Tensor> found = Gradients.of(block.apply(inputs), gradient, targets);
      List<@Nullable Tensor> all = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < inputs.size() + learning.size(); i++) {
        boolean wanted =
            i < inputs.size()
                ? differentiable.get(i)
                : learning.get(i - inputs.size()).requiresGrad();
        all.add(wanted ? found.get(next++) : null);
      }
      return all;
    });
  }
}
