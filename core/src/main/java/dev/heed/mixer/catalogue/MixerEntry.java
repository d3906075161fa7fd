package dev.heed.mixer.catalogue;

import dev.heed.attention.SequenceMixer;
import dev.heed.attention.StepwiseMixer;
import dev.heed.nn.Weights;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * One mixer of the {@link MixerCatalogue}.
 *
 * @param name what it is asked for by
 * @param page its page in {@code docs/mechanisms}, which variants of one mechanism share
 * @param title for people
 * @param growth of its cost with the length, as published
 * @param exactness how it relates to softmax attention over all keys
 * @param direction which way it can look
 * @param stepwise whether its causal form is a {@link StepwiseMixer}
 * @param padding whether it honours a request's padding mask; one that does not refuses it
 * @param builder makes it below a path of weights, which own its parameters
 */
public record MixerEntry(
    String name,
    String page,
    String title,
    Growth growth,
    Exactness exactness,
    Direction direction,
    boolean stepwise,
    boolean padding,
    BiFunction<Weights, MixerShape, SequenceMixer> builder) {
  /**
   * Builds it.
   *
   * @param weights the path that its parameters stand below; a {@link dev.heed.nn.Module} of the
   *     same path lists and frees them
   * @throws IllegalArgumentException if it cannot look the way that the shape says
   */
  public SequenceMixer build(Weights weights, MixerShape shape) {
    if (!direction.allows(shape.causal())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: expected a shape that is %s, got %s; use %s",
              name,
              shape.causal() ? "not causal" : "causal",
              shape,
              shape.causal() ? "withCausal(false)" : "asCausal()"));
    }
    return builder.apply(weights, shape);
  }
}
