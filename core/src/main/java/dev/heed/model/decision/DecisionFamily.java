package dev.heed.model.decision;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** Decision Transformer checkpoints. */
public final class DecisionFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("decision_transformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("DecisionTransformerModel", DecisionFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of GPT-2 and of the authors' code; the sizes stand under other keys.
    return Set.of("action_space", "max_length", "n_ctx", "tie_word_embeddings");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return new DecisionTransformer(weights, keys.read(DecisionConfig.class));
  }
}
