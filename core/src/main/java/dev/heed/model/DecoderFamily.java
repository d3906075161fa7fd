package dev.heed.model;

import dev.heed.model.head.DecoderArchitectures;
import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;

/** A family whose heads stand on one decoder, under the names that Llama's descendants share. */
public abstract class DecoderFamily implements ModelFamily {
  private final String modelType;
  private final String name;
  private final String base;

  /**
   * A family.
   *
   * @param modelType of its configs, for example {@code qwen2}
   * @param name what its architectures begin with, for example {@code Qwen2}
   */
  protected DecoderFamily(String modelType, String name) {
    this(modelType, name, name);
  }

  /**
   * A family whose base model and classifiers have another name.
   *
   * @param base what the architectures other than {@code ForCausalLM} begin with
   */
  protected DecoderFamily(String modelType, String name, String base) {
    this.modelType = modelType;
    this.name = name;
    this.base = base;
  }

  /**
   * Builds a decoder without a head.
   *
   * @param weights the base model's path
   * @param keys whose keys it reads
   */
  protected abstract DecoderBody body(Weights weights, ModelConfig keys);

  @Override
  public final Set<String> modelTypes() {
    return Set.of(modelType);
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return DecoderArchitectures.of(name, base, this::body);
  }

  @Override
  public NameMap names(String architecture) {
    return DecoderArchitectures.names();
  }
}
