package dev.heed.model;

import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A family of checkpoints: which configs are its own, what its tensors are called, and how its
 * models are built.
 *
 * <p>Families are found through {@link java.util.ServiceLoader}: a new one names its class in
 * {@code META-INF/services/dev.heed.model.ModelFamily}, and everything that loads a model finds it
 * there.
 */
public interface ModelFamily {
  /** The {@code model_type}s of its configs, for example {@code bert}. */
  Set<String> modelTypes();

  /**
   * A builder for each name in {@code architectures}; the first is taken where a config names none.
   */
  SequencedMap<String, Builder> architectures();

  /**
   * How a checkpoint's tensor names become those of the modules.
   *
   * @param architecture one of {@link #architectures()}
   */
  NameMap names(String architecture);

  /**
   * Keys of the config that cannot change numbers in this family, besides {@link
   * ConfigKeys#BOOKKEEPING}.
   */
  default Set<String> ignoredKeys() {
    return Set.of();
  }

  /** Builds a model. */
  @FunctionalInterface
  interface Builder {
    /**
     * Builds one model, which loads it.
     *
     * @param weights the root, under the modules' names
     * @param config whose keys it reads; those that it does not read are refused
     */
    Model build(Weights weights, ModelConfig config);
  }
}
