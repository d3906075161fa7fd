package dev.heed.model.patchtsmixer;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Run;
import dev.heed.model.forecast.PatchModel;
import dev.heed.model.forecast.PatchPositions;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the patches of each value's series.
 *
 * <p>Gives, besides what every {@link PatchModel} does, {@code hidden_states} after each layer
 * {@code [B, C, N, D]}, and {@code attentions [B·C, H, N, N]} over patches where there is
 * attention.
 */
final class PatchTsMixer extends PatchModel {
  private final Weights weights;
  private final MixerConfig config;
  private final Linear embedding;
  private final @Nullable Tensor positions;
  private final List<MixerLayer> layers;

  PatchTsMixer(Weights weights, MixerConfig config, Parts parts) {
    this(
        weights,
        config,
        parts,
        IntStream.range(0, config.numLayers())
            .mapToObj(i ->
                new MixerLayer(
                    weights.child("model.encoder.mlp_mixer_encoder").child("mixers", i),
                    config,
                    parts.patches().count()))
            .toList());
  }

  private PatchTsMixer(Weights weights, MixerConfig config, Parts parts, List<MixerLayer> layers) {
    super(weights, parts);
    this.weights = weights;
    this.config = config;
    this.layers = layers;
    Weights encoder = weights.child("model.encoder");
    embedding = Linear.of(encoder.child("patcher"), config.patchLength(), config.dModel());
    positions =
        config.usePositionalEncoding()
            ? PatchPositions.of(
                encoder.child("positional_encoder"),
                config.positionalEncodingType(),
                parts.patches().count(),
                config.dModel())
            : null;
  }

  @Override
  public PatchTsMixer withMixers(MixerSwap swap) {
    return new PatchTsMixer(
        weights,
        config,
        parts(),
        IntStream.range(0, layers.size()).mapToObj(i -> layers.get(i).withMixer(i, swap)).toList());
  }

  @Override
  protected Tensor encode(Run run, Tensor patches) {
    Tensor hidden = embedding.apply(patches);
    if (positions != null) {
      hidden = hidden.add(positions);
    }
    for (MixerLayer layer : layers) {
      hidden = layer.apply(hidden, run);
      run.state("hidden_states", hidden);
    }
    return hidden;
  }
}
