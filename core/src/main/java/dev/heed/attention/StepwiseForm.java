package dev.heed.attention;

import dev.heed.tensor.Tensor;

/**
 * The recurrent form of a causal mixer: one token at a time, at a cost that does not depend on how
 * many came before.
 *
 * <p>What it computed once, such as discretised matrices, belongs to the scope in which {@link
 * StepwiseMixer#stepwise} was called.
 *
 * @param <S> what the tokens so far leave to the next ones: a tensor, or a record of tensors, of
 *     constant size
 */
public interface StepwiseForm<S> {
  /**
   * What one token gives.
   *
   * @param output {@code [B, size]}
   * @param state what the next step takes
   */
  record Step<S>(Tensor output, S state) {}

  /** The state before the first token of so many sequences, owned by the current scope. */
  S start(long batch);

  /**
   * Takes one token.
   *
   * @param x {@code [B, size]}
   * @param state from {@link #start} or the step before; it is left as it was
   * @return output and next state, owned by the current scope
   */
  Step<S> step(Tensor x, S state);
}
