package dev.heed.model.llama;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Llama checkpoints. */
public final class LlamaFamily extends DecoderFamily {
  /** The family. */
  public LlamaFamily() {
    super("llama", "Llama");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Older names of a length, and of the family itself.
    return Set.of("max_sequence_length", "is_llama_config");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    LlamaConfig config = DecoderSizes.read(keys, LlamaConfig.class);
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary))
            .toList(),
        norm(weights.child("norm"), config),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(
      Weights weights, LlamaConfig config, RotaryPositions rotary) {
    Weights attention = weights.child("self_attn");
    boolean bias = config.attentionBias();
    return DecoderLayers.preNorm(
        weights,
        path -> norm(path, config),
        DecoderLayers.attention(
            attention,
            HeadProjections.grouped(attention, config.heads(), bias, bias),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            ScaledDotProduct.dropping(config.attentionDropout()),
            0),
        config.feedForward(weights.child("mlp"), config.mlpBias()));
  }

  private static RmsNorm norm(Weights weights, LlamaConfig config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
