package dev.heed.nn;

import dev.heed.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** A module over the parameters of another one, which stays as it is. */
  protected Module(Module other) {
    this(other.weights);
  }

  /**
   * The path of this module's parameters, which is also the prefix of its names in a {@link Trace}
   * unless several modules share them.
   */
  public final String path() {
    return weights.path();
  }

  /** The prefix of this module's names in a {@link Trace}. */
  public final String tracePath() {
    return weights.point("");
  }

  /** The full name of a point in this module, for {@link Trace#visit}. */
  protected final String point(String name) {
    return weights.point(name);
  }

  /** All parameters and buffers by full name, in the order they were made. */
  public final Map<String, Tensor> parameters() {
    return weights.parameters();
  }

  /** The parameters that training may change: floating point and no buffers. */
  public final Map<String, Tensor> trainable() {
    return weights.trainable();
  }

  /** The modules of a kind that this one consists of, itself included, parents before parts. */
  public final <M extends Module> List<M> modules(Class<M> kind) {
    return ModuleTree.of(this).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /**
   * The tensors that gradients flow to now: parameters at or below this path that require them, and
   * those of the {@linkplain Linear#adapt adaptations} there.
   */
  public final List<Tensor> learning() {
    Set<Tensor> found = new LinkedHashSet<>(parameters().values());
    for (Linear linear : modules(Linear.class)) {
      LinearAdaptation adaptation = linear.adaptation();
      if (adaptation != null) {
        found.addAll(adaptation.parameters());
      }
    }
    return found.stream().filter(Tensor::requiresGrad).toList();
  }

  /** The same with what else learns under the same root, which this module may use too. */
  final List<Tensor> learningAround() {
    Set<Tensor> found = new LinkedHashSet<>(learning());
    weights.everywhere().stream().filter(Tensor::requiresGrad).forEach(found::add);
    return List.copyOf(found);
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

  /** Called when the module closes, for what it holds besides parameters; does nothing here. */
  protected void closing() {}

  /** Frees the parameters; the module and its parts may not be used after it. */
  @Override
  public final void close() {
    closing();
    weights.close();
  }
}
