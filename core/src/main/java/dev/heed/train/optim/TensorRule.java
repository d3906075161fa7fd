package dev.heed.train.optim;

import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;

/** A rule that needs a whole tensor at once. */
public non-sealed interface TensorRule extends UpdateRule {
  /**
   * A tensor kept beside a parameter; it starts as zeros.
   *
   * @param name for example {@code exp_avg}
   * @param shape not always the parameter's
   */
  record Slot(String name, Shape shape) {}

  /**
   * What is kept for a parameter.
   *
   * @throws IllegalArgumentException if the rule cannot change parameters of this shape
   */
  List<Slot> slots(Shape parameter);

  /**
   * Changes a parameter and its slots in place.
   *
   * @param parameter f32 or f64
   * @param gradient of its type and shape, after clipping; not to be changed
   * @param slots what {@link #slots} asked for
   */
  void apply(Tensor parameter, Tensor gradient, Slots slots, Step step);

  @Override
  TensorRule withWeightDecay(double weightDecay);
}
