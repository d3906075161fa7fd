package dev.heed.attention;

/** A causal mixer that also has a recurrent form, which computes the same token by token. */
public interface StepwiseMixer extends SequenceMixer {
  /**
   * The recurrent form, prepared once for many tokens; what it holds belongs to the current scope.
   *
   * @throws IllegalStateException if the mixer was built to see later tokens too
   */
  StepwiseForm<?> stepwise();
}
