package dev.heed.model.t5;

import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** T5, T5 1.1, mT5 and UMT5 checkpoints. */
public final class T5Family implements ModelFamily {
  private static final Map<String, String> MULTILINGUAL =
      Map.of(
          "vocab_size", "250112",
          "d_ff", "1024",
          "num_layers", "8",
          "num_heads", "6",
          "feed_forward_proj", "\"gated-gelu\"");

  @Override
  public Set<String> modelTypes() {
    return Set.of("t5", "mt5", "umt5");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    for (String kind : new String[] {"T5", "MT5", "UMT5"}) {
      builders.put(
          kind + "ForConditionalGeneration", (weights, keys) -> assembly(keys).language(weights));
      builders.put(kind + "Model", (weights, keys) -> assembly(keys).model(weights));
      builders.put(kind + "EncoderModel", (weights, keys) -> assembly(keys).encoder(weights));
    }
    builders.put("T5WithLMHeadModel", (weights, keys) -> assembly(keys).language(weights));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  @Override
  public Set<String> ignoredKeys() {
    // T5 has no positions, whatever length old files name.
    return Set.of("n_positions", "tokenizer_class");
  }

  private static T5Config config(ModelConfig keys) {
    return switch (keys.json().path("model_type").asString("t5")) {
      case "mt5" ->
          keys.defaults(MULTILINGUAL)
              .defaults(Map.of("tie_word_embeddings", "false"))
              .read(T5Config.class);
      case "umt5" -> keys.defaults(MULTILINGUAL).read(T5Config.class);
      default -> keys.read(T5Config.class);
    };
  }

  private static T5Assembly assembly(ModelConfig keys) {
    boolean ownTables = keys.json().path("model_type").asString("t5").equals("umt5");
    return new T5Assembly(config(keys), ownTables, T5Reading.FULL);
  }
}
