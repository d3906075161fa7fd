package dev.heed.model;

import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /**
   * Where the first token of a text stands: RoBERTa counts from padding + 1, which leaves as many
   * positions less for a text.
   */
  default int firstPosition(ModelConfig config) {
    return 0;
  }

  /**
   * Whether its encoders read several texts end to end in one row, told apart by {@code
   * document_ids}, with the positions that each text has alone.
   */
  default boolean packsTexts() {
    return false;
  }

  /**
   * The architecture of the bare model, without a head.
   *
   * @param architecture one of {@link #architectures()}, whose beginning tells relatives apart
   * @return null if there is none
   */
  default @Nullable String bare(String architecture) {
    String best = null;
    int longest = -1;
    for (String name : architectures().keySet()) {
      boolean headless =
          (name.endsWith("Model") || name.endsWith("EncoderModel"))
              && !name.endsWith("LMHeadModel")
              && !name.endsWith("MTModel");
      int shared = NameMap.sharedBeginning(name, architecture);
      if (headless && shared > longest) {
        best = name;
        longest = shared;
      }
    }
    return best;
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
