package dev.heed.model.wav2vec2;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** wav2vec 2.0 and HuBERT checkpoints. */
public final class Wav2Vec2Family implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("wav2vec2", "hubert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    for (String name : new String[] {"Wav2Vec2", "Hubert"}) {
      builders.putAll(SpeechArchitectures.of(name, "wav2vec2", Map.of(), Wav2Vec2Family::encoder));
    }
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return SpeechArchitectures.names("wav2vec2").with("^hubert\\.", "wav2vec2.");
  }

  @Override
  public Set<String> ignoredKeys() {
    return SpeechKeys.ignored();
  }

  private static SpeechEncoder encoder(Weights weights, ModelConfig keys) {
    Wav2Vec2Config config = keys.read(Wav2Vec2Config.class);
    return encoder(
        weights,
        keys,
        config,
        new Wav2Vec2Layers(config, config.doStableLayerNorm()).stack(weights));
  }

  /** The encoder around layers. */
  static SpeechEncoder encoder(
      Weights weights, ModelConfig keys, Wav2Vec2Config config, TransformerStack stack) {
    SpeechAdapter.Config shortened = keys.read(SpeechAdapter.Config.class);
    FrameEmbeddings frames =
        new FrameEmbeddings(weights, config, SpeechAdapter.of(weights, shortened));
    return new SpeechEncoder(
        new EncoderModel.Parts(frames::apply, stack, null, Head.NONE, null).in(frames),
        "input_values",
        frames::states,
        shortened.size());
  }
}
