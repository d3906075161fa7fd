package dev.heed.model.gemma;

import dev.heed.attention.position.ProportionalRotary;
import dev.heed.attention.position.RotaryScaling;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.LayerRotary;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Gemma 4 checkpoints of text: layers with inputs of their own, the last ones of which read keys
 * and values of earlier ones.
 */
public final class Gemma4Family extends DecoderFamily {
  /** The family. */
  public Gemma4Family() {
    super("gemma4_text", "Gemma4", "Gemma4Text");
  }

  @Override
  public Set<String> ignoredKeys() {
    // What stands in hidden_activation counts.
    return Set.of("hidden_act");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Gemma4Config config = DecoderSizes.read(keys, Gemma4Config.class);
    List<LayerType> types = types(keys, config.numHiddenLayers());
    List<Integer> windows = LayerType.windows(keys, types, config.slidingWindow());
    Gemma4Attention attention = new Gemma4Attention(keys, config, types, rotary(keys, config));
    Gemma4Layer layer = new Gemma4Layer(config);
    DecoderBody body =
        DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> {
                  Weights path = weights.child("layers", i);
                  return layer.of(
                      path, attention.of(path.child("self_attn"), i, windows.get(i)), i);
                })
                .toList(),
            layer.norm(weights.child("norm"), config.hiddenSize()),
            config.tieWordEmbeddings());
    DecoderBody scaled = body.windows(windows).embedded(GemmaParts.scaled(config.hiddenSize()));
    return (config.perLayer() == 0
            ? scaled
            : scaled.accompanied(new LayerInputs(weights, config, keys)))
        .scored(GemmaParts.capped(config.finalLogitSoftcapping()));
  }

  /** The last layer sees all tokens, whatever the config says of it. */
  private static List<LayerType> types(ModelConfig keys, int layers) {
    List<LayerType> types =
        new ArrayList<>(
            LayerType.of(
                keys,
                layers,
                List.of(LayerType.FULL, LayerType.SLIDING),
                i -> (i + 1) % 6 == 0 ? LayerType.FULL : LayerType.SLIDING));
    if (!types.isEmpty()) {
      types.set(types.size() - 1, LayerType.FULL);
    }
    return types;
  }

  private static LayerRotary rotary(ModelConfig keys, Gemma4Config config) {
    JsonNode given = keys.json().path("rope_parameters");
    if (given.isObject()) {
      return LayerRotary.of(
          keys,
          RotaryConfig.Usual.base(1_000_000),
          RotaryConfig.Usual.base(10_000),
          config.maxPositionEmbeddings());
    }
    keys.known("rope_parameters");
    return new LayerRotary(
        new RotaryConfig(1_000_000, new ProportionalRotary(0.25, 1), 1),
        new RotaryConfig(10_000, RotaryScaling.NONE, 1));
  }
}
