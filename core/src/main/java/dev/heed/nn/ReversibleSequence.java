package dev.heed.nn;

import dev.heed.tensor.CustomGradient;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Blocks over two streams that can be run backwards: {@code y₁ = x₁ + f(x₂), y₂ = x₂ + g(y₁)}
 * (Gomez et al. 2017; Kitaev et al. 2020, section 3).
 *
 * <p>Only the last output is kept; the backward pass recomputes each block's input from its output,
 * so that the memory for activations does not grow with the number of blocks. f and g must give the
 * same result when called again: no dropout.
 */
public final class ReversibleSequence {
  /**
   * A function and the parameters it learns.
   *
   * @param function from {@code [B, T, size]} to the same shape
   * @param parameters gradients flow to those that require them
   */
  public record Part(UnaryOperator<Tensor> function, List<Tensor> parameters) {
    List<Tensor> learning() {
      return parameters.stream().filter(Tensor::requiresGrad).toList();
    }
  }

  /** One block. */
  public record Block(Part f, Part g) {}

  private record Streams(Tensor first, Tensor second) {
    static Streams of(Tensor joined) {
      List<Tensor> halves = joined.chunk(2, -1);
      return new Streams(halves.get(0), halves.get(1));
    }

    Tensor joined() {
      return Tensor.cat(List.of(first, second), -1);
    }
  }

  private final List<Block> blocks;

  /** Blocks in their order; at least one. */
  public ReversibleSequence(List<Block> blocks) {
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("reversible sequence: expected at least one block, got 0");
    }
    this.blocks = List.copyOf(blocks);
  }

  /**
   * Runs all blocks.
   *
   * @param x both streams side by side, {@code [B, T, 2 · size]}
   * @return the same shape
   */
  public Tensor apply(Tensor x) {
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(x);
    for (Block block : blocks) {
      inputs.addAll(block.f().learning());
      inputs.addAll(block.g().learning());
    }
    return CustomGradient.apply(
        inputs,
        () -> {
          Tensor y = forward(x);
          return new CustomGradient.Forward(y, List.of(y));
        },
        (gradient, saved) -> backward(gradient, saved.getFirst()));
  }

  private Tensor forward(Tensor x) {
    Tensor y = x;
    for (Block block : blocks) {
      Tensor before = y;
      y =
          TensorScope.run(() -> {
            Streams in = Streams.of(before);
            Tensor first = in.first().add(block.f().function().apply(in.second()));
            return new Streams(first, in.second().add(block.g().function().apply(first))).joined();
          });
      closeUnless(x, before);
    }
    return y;
  }

  /** Frees what stood between two blocks at once: the scope of the whole pass would keep it. */
  private static void closeUnless(Tensor end, Tensor between) {
    if (between != end) {
      between.close();
    }
  }

  /** What stands before a block: its input and the gradients there. */
  private record Before(Tensor input, Tensor gradient, List<Tensor> parameters) {}

  private List<@Nullable Tensor> backward(Tensor gradient, Tensor output) {
    Tensor values = output;
    Tensor gradients = gradient;
    List<@Nullable Tensor> all = new ArrayList<>();
    for (Block block : blocks.reversed()) {
      Tensor y = values;
      Tensor dy = gradients;
      Before before = TensorScope.run(() -> undo(block, Streams.of(y), Streams.of(dy)));
      values = before.input();
      gradients = before.gradient();
      closeUnless(output, y);
      closeUnless(gradient, dy);
      all.addAll(0, before.parameters());
    }
    all.addFirst(gradients);
    return all;
  }

  private static Before undo(Block block, Streams y, Streams dy) {
    Recomputed g = Recomputed.of(block.g(), y.first(), dy.second());
    Tensor dFirst = dy.first().add(g.gradients().getFirst());
    Tensor second = y.second().sub(g.value());
    Recomputed f = Recomputed.of(block.f(), second, dFirst);
    Tensor dSecond = dy.second().add(f.gradients().getFirst());
    List<Tensor> parameters = new ArrayList<>(f.gradients().subList(1, f.gradients().size()));
    parameters.addAll(g.gradients().subList(1, g.gradients().size()));
    return new Before(
        new Streams(y.first().sub(f.value()), second).joined(),
        new Streams(dFirst, dSecond).joined(),
        parameters);
  }

  /** One function run again, with the gradients of its input and parameters. */
  private record Recomputed(Tensor value, List<Tensor> gradients) {
    static Recomputed of(Part part, Tensor input, Tensor gradient) {
      return Gradients.enabled(() -> {
        Tensor x = input.detach().requiresGrad(true);
        Tensor value = part.function().apply(x);
        List<Tensor> targets = new ArrayList<>();
        targets.add(x);
        targets.addAll(part.learning());
        return new Recomputed(value.detach(), Gradients.of(value, gradient, targets));
      });
    }
  }
}
