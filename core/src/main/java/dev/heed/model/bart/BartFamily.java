package dev.heed.model.bart;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/** Checkpoints of BART, mBART, Pegasus, Marian, M2M-100 and NLLB. */
public final class BartFamily implements ModelFamily {
  /**
   * What a model type is.
   *
   * @param style how it departs from BART
   * @param defaults of absent config keys, where they differ from BART's
   */
  private record Kind(BartStyle style, Map<String, String> defaults) {}

  private static final Map<String, Kind> KINDS =
      Map.of(
          "bart", new Kind(BartStyle.BART, Map.of("decoder_start_token_id", "2")),
          "mbart", new Kind(BartStyle.MBART, Map.of()),
          "pegasus",
              new Kind(
                  BartStyle.PEGASUS,
                  Map.of("decoder_start_token_id", "0", "pad_token_id", "0", "eos_token_id", "1")),
          "marian",
              new Kind(
                  BartStyle.MARIAN,
                  Map.of(
                      "vocab_size", "58101",
                      "pad_token_id", "58100",
                      "decoder_start_token_id", "58100",
                      "eos_token_id", "0")),
          "m2m_100",
              new Kind(
                  BartStyle.M2M100,
                  Map.of(
                      "vocab_size", "128112",
                      "activation_function", "\"relu\"",
                      "attention_dropout", "0.1",
                      "scale_embedding", "true",
                      "decoder_start_token_id", "2")));

  @Override
  public Set<String> modelTypes() {
    return KINDS.keySet();
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    for (String name : new String[] {"Bart", "MBart", "Pegasus", "M2M100"}) {
      builders.put(name + "ForConditionalGeneration", BartFamily::language);
      builders.put(name + "Model", BartFamily::model);
    }
    for (String name : new String[] {"Bart", "MBart"}) {
      builders.put(name + "ForSequenceClassification", BartFamily::sequences);
    }
    builders.put("MarianMTModel", BartFamily::language);
    builders.put("MarianModel", BartFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "lm_head", "final_logits_bias", "classification_head");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Layer drop is of training alone; the others are of versions whose classes they chose among,
    // and repeat what the model type says.
    return Set.of(
        "_num_labels",
        "add_bias_logits",
        "add_final_layer_norm",
        "classif_dropout",
        "decoder_layerdrop",
        "encoder_layerdrop",
        "extra_pos_embeddings",
        "force_bos_token_to_be_generated",
        "max_source_positions",
        "max_target_positions",
        "normalize_before",
        "normalize_embedding",
        "num_hidden_layers",
        "static_position_embeddings",
        "tokenizer_class");
  }

  private static Kind kind(ModelConfig keys) {
    Kind kind = KINDS.get(keys.json().path("model_type").asString("bart"));
    return kind == null ? Objects.requireNonNull(KINDS.get("bart")) : kind;
  }

  private static BartConfig config(ModelConfig keys) {
    return keys.defaults(kind(keys).defaults()).read(BartConfig.class);
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return BartAssembly.of(kind(keys).style()).model(weights, config(keys));
  }

  private static Model language(Weights weights, ModelConfig keys) {
    return BartAssembly.of(kind(keys).style()).language(weights, config(keys));
  }

  private static Model sequences(Weights weights, ModelConfig keys) {
    // as the language model has it beside, in files that were saved as one
    weights.ignoreBelow("final_logits_bias");
    return BartAssembly.of(kind(keys).style()).sequences(weights, config(keys), keys);
  }
}
