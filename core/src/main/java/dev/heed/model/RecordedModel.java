package dev.heed.model;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a model family offers so that its models can be verified against recorded references.
 *
 * <p>Families are found through {@link java.util.ServiceLoader}: a new one names its class in
 * {@code META-INF/services/dev.heed.model.RecordedModel}.
 */
public interface RecordedModel {
  /** The names in config.json's {@code architectures} that this family can build. */
  Set<String> architectures();

  /**
   * Builds a model.
   *
   * @param architecture one of {@link #architectures()}
   * @param config the recorded config, with the case's overrides
   * @param weights the root of the recorded weights; the caller asks it for what was left unused
   */
  Runnable build(String architecture, JsonNode config, Weights weights);

  /** A built model that can be given recorded inputs. */
  interface Runnable {
    /** The model: its parameters' names are those of the recorded gradients. */
    Module module();

    /**
     * Computes what a case recorded.
     *
     * @param recorded the inputs, read by their keys {@code input.NAME}
     * @return results by key, for example {@code output.logits} and {@code output.loss}; keys that
     *     were not recorded are left aside
     */
    Map<String, Tensor> run(GoldenFile recorded);
  }
}
