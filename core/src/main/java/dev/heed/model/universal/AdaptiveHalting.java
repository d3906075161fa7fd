package dev.heed.model.universal;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.UnaryOperator;

/**
 * Adaptive computation time, for each position by itself (Graves 2016; Dehghani et al. 2018,
 * section 2.2 and appendix C).
 *
 * <p>Before each step {@code p = σ(w · state + b)}. A position goes on while the sum of its p stays
 * within the threshold; in the step that passes it, it halts with what is left to 1. The result is
 * the mean of its states with these weights, folded in one by one: {@code y = w·state + (1 - w)·y}.
 * Halted positions are still read by the others.
 */
public final class AdaptiveHalting extends Module {
  private static final double THRESHOLD = 0.9;

  private final Linear probability;

  /** Halting with parameters {@code p.weight [1, size]} and {@code p.bias [1]}. */
  public AdaptiveHalting(Weights weights, long size) {
    super(weights);
    this.probability = Linear.of(weights.child("p"), size, 1);
  }

  /**
   * Where a run stands; everything but the states is {@code [B, T]}.
   *
   * @param state as the next step reads it, {@code [B, T, size]}
   * @param output weighted states so far, {@code [B, T, size]}
   * @param halting sum of the probabilities; 1 once halted
   * @param remainders what was left to 1 when a position halted; their sum is the cost of pondering
   * @param updates how many steps each position took
   */
  public record Pondering(
      Tensor state, Tensor output, Tensor halting, Tensor remainders, Tensor updates) {}

  /**
   * Steps until every position has halted or taken {@code steps} steps.
   *
   * @param signal what a step adds to the state before it, given the step's number from 0
   * @param layer what a step does
   */
  Pondering run(Tensor state, int steps, StepSignal signal, UnaryOperator<Tensor> layer) {
    return TensorScope.run(() -> {
      Tensor none = Tensor.zeros(state.select(-1, 0).shape(), state.dtype());
      Pondering now =
          new Pondering(state, Tensor.zeros(state.shape(), state.dtype()), none, none, none);
      for (int step = 0; step < steps && anyRunning(now); step++) {
        now = step(now, signal.add(now.state(), step), layer);
      }
      return now;
    });
  }

  /** Adds to the state what tells a step its number and a position its place. */
  @FunctionalInterface
  interface StepSignal {
    Tensor add(Tensor state, int step);
  }

  private static boolean anyRunning(Pondering now) {
    return now.halting().lt(THRESHOLD).any().itemLong() != 0;
  }

  private Pondering step(Pondering now, Tensor state, UnaryOperator<Tensor> layer) {
    DType dtype = state.dtype();
    Tensor p = probability.apply(state).sigmoid().squeeze(-1);
    Tensor open = now.halting().lt(1).to(dtype);
    Tensor next = now.halting().add(p.mul(open));
    Tensor halts = next.gt(THRESHOLD).to(dtype).mul(open);
    Tensor goesOn = next.le(THRESHOLD).to(dtype).mul(open);
    Tensor sum = now.halting().add(p.mul(goesOn));
    Tensor remainders = now.remainders().add(halts.mul(sum.neg().add(1)));
    Tensor left = halts.mul(remainders);
    Tensor weight = p.mul(goesOn).add(left).unsqueeze(-1);
    Tensor stepped = layer.apply(state);
    Tensor output = stepped.mul(weight).add(now.output().mul(weight.neg().add(1)));
    return new Pondering(
        stepped, output, sum.add(left), remainders, now.updates().add(goesOn).add(halts));
  }
}
