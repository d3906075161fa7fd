package dev.heed.model.wav2vec2;

import dev.heed.attention.GatedBiasAttention;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * WavLM checkpoints (Chen et al. 2022): wav2vec 2.0 whose layers share a bias of distances, which
 * each takes in the measure of its own gates.
 */
public final class WavLmFamily implements ModelFamily {
  /**
   * What WavLM has besides.
   *
   * @param numBuckets of distances
   * @param maxBucketDistance from here on all distances share the last bucket
   */
  private record Distances(@Default("320") int numBuckets, @Default("800") int maxBucketDistance) {}

  private static final Map<String, String> DEFAULTS = Map.of("ctc_loss_reduction", "\"mean\"");

  @Override
  public Set<String> modelTypes() {
    return Set.of("wavlm");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return SpeechArchitectures.of("WavLM", "wavlm", DEFAULTS, WavLmFamily::encoder);
  }

  @Override
  public NameMap names(String architecture) {
    return SpeechArchitectures.names("wavlm");
  }

  @Override
  public Set<String> ignoredKeys() {
    return SpeechKeys.ignored();
  }

  private static SpeechEncoder encoder(Weights weights, ModelConfig keys) {
    Wav2Vec2Config config = keys.read(Wav2Vec2Config.class);
    Distances distances = keys.read(Distances.class);
    RelativeBuckets buckets =
        new RelativeBuckets(true, distances.numBuckets(), distances.maxBucketDistance());
    Wav2Vec2Layers layers = new Wav2Vec2Layers(config, config.doStableLayerNorm());
    Tensor table =
        weights
            .child("encoder.layers.0.attention.rel_attn_embed")
            .parameter(
                "weight",
                Initializer.normal(1),
                distances.numBuckets(),
                config.numAttentionHeads());
    return Wav2Vec2Family.encoder(
        weights,
        keys,
        config,
        layers.stack(
            weights,
            (attention, layer) ->
                new GatedBiasAttention(attention, layers.attention(attention), buckets, table)));
  }
}
