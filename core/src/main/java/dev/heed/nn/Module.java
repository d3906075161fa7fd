package dev.heed.nn;

import dev.heed.tensor.Tensor;
import java.util.Map;

/**
 * A computation with parameters, built from {@link Weights}.
 *
 * <p>A module is immutable in use and safe to share between threads. It owns the parameters below
 * its path; close the outermost module to free them.
 */
public abstract class Module implements AutoCloseable {
  private final Weights weights;

  /** A module at this path. */
  protected Module(Weights weights) {
    this.weights = weights;
  }

  /** The path of this module, which is also the prefix of its names in a {@link Trace}. */
  public final String path() {
    return weights.path();
  }

  /** The full name of a point in this module, for {@link Trace#visit}. */
  protected final String point(String name) {
    return weights.name(name);
  }

  /** All parameters and buffers by full name, in the order they were made. */
  public final Map<String, Tensor> parameters() {
    return weights.parameters();
  }

  /** The parameters that training may change: floating point and no buffers. */
  public final Map<String, Tensor> trainable() {
    return weights.trainable();
  }

  /** How many numbers the parameters hold together. */
  public final long parameterCount() {
    return parameters().values().stream().mapToLong(Tensor::elements).sum();
  }

  /**
   * Lets gradients flow to all trainable parameters, or freezes them.
   *
   * @return this
   */
  public final Module requiresGrad(boolean required) {
    trainable().values().forEach(tensor -> tensor.requiresGrad(required));
    return this;
  }

  /** Frees the parameters; the module and its parts may not be used after it. */
  @Override
  public final void close() {
    weights.close();
  }
}
