package dev.heed.train.optim;

import dev.heed.tensor.kernel.AdamStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule that changes each element by its own gradient and state alone. */
public non-sealed interface ElementwiseRule extends UpdateRule {
  /** Names of what is kept for each element besides its value, for example {@code exp_avg}. */
  List<String> slots();

  /** What the slots hold before the first step. */
  default double initial() {
    return 0;
  }

  /**
   * The arithmetic of one step, with everything worked out that is the same for all elements.
   *
   * @param step number, learning rate and momentum
   * @return safe for several threads at once
   */
  BlockUpdate at(Step step);

  /**
   * The same arithmetic as one fused pass over numbers in single precision, where it is Adam's.
   *
   * @return null where there is none: {@link #at} computes in double precision then
   */
  default @Nullable AdamStep fused(Step step, Clipping clipping) {
    return null;
  }

  @Override
  ElementwiseRule withWeightDecay(double weightDecay);

  /** Changes one block in place. */
  @FunctionalInterface
  interface BlockUpdate {
    /** Computes new values and slots from the gradients. */
    void apply(Block block);
  }
}
