package dev.heed.model.patchtst;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Run;
import dev.heed.model.forecast.PatchModel;
import dev.heed.model.forecast.PatchPositions;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the patches of each value's series.
 *
 * <p>Gives, besides what every {@link PatchModel} does, {@code hidden_states} before each layer
 * {@code [B, C, N, D]}, {@code attentions [B·C, H, N, N]} over patches, and {@code
 * channel_attentions [B·N, H, C, C]} where layers attend over values too.
 */
final class PatchTst extends PatchModel {
  private final Weights weights;
  private final PatchTstConfig config;
  private final List<Linear> embeddings = new ArrayList<>();
  private final Tensor positions;
  private final @Nullable Tensor whole;
  private final Dropout dropout;
  private final List<PatchTstLayer> layers;

  PatchTst(Weights weights, PatchTstConfig config, Parts parts) {
    this(
        weights,
        config,
        parts,
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(
                i -> new PatchTstLayer(weights.child("model.encoder").child("layers", i), config))
            .toList());
  }

  private PatchTst(
      Weights weights, PatchTstConfig config, Parts parts, List<PatchTstLayer> layers) {
    super(weights, parts);
    this.weights = weights;
    this.config = config;
    this.layers = layers;
    Weights encoder = weights.child("model.encoder");
    Weights map = encoder.child("embedder.input_embedding");
    long size = config.dModel();
    if (config.shareEmbedding()) {
      embeddings.add(Linear.of(map, config.patchLength(), size));
    } else {
      for (int i = 0; i < config.numInputChannels(); i++) {
        embeddings.add(Linear.of(map.child(String.valueOf(i)), config.patchLength(), size));
      }
    }
    Weights places = encoder.child("positional_encoder");
    whole =
        config.useClsToken()
            ? places.parameter("cls_token", Initializer.normal(0.02), 1, 1, 1, size)
            : null;
    long count = parts.patches().count() + (whole == null ? 0L : 1L);
    positions = PatchPositions.of(places, config.positionalEncodingType(), count, size);
    dropout = new Dropout(config.positionalDropout());
  }

  @Override
  public PatchTst withMixers(MixerSwap swap) {
    return new PatchTst(
        weights,
        config,
        parts(),
        IntStream.range(0, layers.size()).mapToObj(i -> layers.get(i).withMixer(i, swap)).toList());
  }

  @Override
  protected Tensor encode(Run run, Tensor patches) {
    Tensor hidden = placed(embedded(patches), run);
    for (PatchTstLayer layer : layers) {
      run.state("hidden_states", hidden);
      hidden = layer.apply(hidden, run);
    }
    return hidden;
  }

  private Tensor embedded(Tensor patches) {
    if (config.shareEmbedding()) {
      return embeddings.getFirst().apply(patches);
    }
    return Tensor.stack(
        IntStream.range(0, embeddings.size())
            .mapToObj(i -> embeddings.get(i).apply(patches.select(1, i)))
            .toList(),
        1);
  }

  private Tensor placed(Tensor x, Run run) {
    if (whole == null) {
      return dropout.apply(x.add(positions), run.trace());
    }
    Tensor rest = positions.narrow(0, 1, positions.size(0) - 1);
    Tensor first = whole.add(positions.narrow(0, 0, 1)).expand(x.size(0), x.size(1), 1, x.size(3));
    return Tensor.cat(List.of(first, dropout.apply(x.add(rest), run.trace())), 2);
  }
}
