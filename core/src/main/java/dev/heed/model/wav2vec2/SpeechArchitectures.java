package dev.heed.model.wav2vec2;

import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily.Builder;
import dev.heed.model.NameMap;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;

/**
 * The models that are made of an encoder of sounds: letters by CTC, the bare encoder, classes of
 * whole sounds and of frames.
 */
public final class SpeechArchitectures {
  /** Of heads, beside the base model. */
  private static final List<String> HEADS =
      List.of(
          "lm_head",
          "projector",
          "classifier",
          "layer_weights",
          "quantizer",
          "project_q",
          "project_hid");

  private SpeechArchitectures() {}

  /** Names of a base model at a path, with either spelling of a weight in two parts. */
  public static NameMap names(String base) {
    return NameMap.plain()
        .with("parametrizations\\.weight\\.original0$", "weight_g")
        .with("parametrizations\\.weight\\.original1$", "weight_v")
        .base(base, HEADS.toArray(String[]::new));
  }

  /**
   * Builders by architecture.
   *
   * @param name what their names begin with, for example {@code WavLM}
   * @param base where the encoder stands in a model with a head, for example {@code wavlm}
   * @param defaults of the family, where they are not the records'
   * @param encoder builds it there
   */
  public static SequencedMap<String, Builder> of(
      String name,
      String base,
      Map<String, String> defaults,
      BiFunction<Weights, ModelConfig, SpeechEncoder> encoder) {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    BiFunction<Weights, ModelConfig, SpeechEncoder> below =
        (weights, keys) -> encoder.apply(weights.child(base), keys);
    builders.put(
        name + "ForCTC",
        (weights, keys) -> {
          ModelConfig whole = keys.defaults(defaults);
          return letters(weights, whole, below.apply(weights, whole));
        });
    builders.put(
        name + "Model",
        (weights, keys) ->
            new EncoderModel(weights, below.apply(weights, keys.defaults(defaults)).parts()));
    builders.put(
        name + "ForSequenceClassification",
        (weights, keys) -> {
          ModelConfig whole = keys.defaults(defaults);
          return SpeechClasses.ofSounds(weights, whole, below.apply(weights, whole));
        });
    builders.put(
        name + "ForAudioFrameClassification",
        (weights, keys) -> {
          ModelConfig whole = keys.defaults(defaults);
          return SpeechClasses.ofFrames(weights, whole, below.apply(weights, whole));
        });
    return builders;
  }

  private static Model letters(Weights weights, ModelConfig keys, SpeechEncoder encoder) {
    CtcConfig config = keys.read(CtcConfig.class);
    Linear letters = Linear.of(weights.child("lm_head"), encoder.size(), config.vocabSize());
    return new EncoderModel(weights, encoder.parts().with(new CtcHead(letters, encoder, config)));
  }
}
