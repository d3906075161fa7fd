package dev.heed.model.stablelm;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.Branch;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Norm;
import dev.heed.nn.PerHeadLayerNorm;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** StableLM checkpoints: layer norms, rotary positions on a part of each head. */
public final class StableLmFamily extends DecoderFamily {
  /** The family. */
  public StableLmFamily() {
    super("stablelm", "StableLm");
  }

  record Config(
      @Default("50304") int vocabSize,
      @Default("2560") int hiddenSize,
      @Default("6912") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Default("32") @Nullable Integer numKeyValueHeads,
      @Default("silu") String hiddenAct,
      @Default("4096") int maxPositionEmbeddings,
      @Default("1e-5") double layerNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean useQkvBias,
      @Default("false") boolean qkLayernorm,
      @Default("false") boolean useParallelResidual,
      @Default("0.0") double hiddenDropout,
      @Default("1.0") @Only({"1.0", "1"}) double rotaryScalingFactor,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        RotaryConfig.partial(
                keys, new RotaryConfig.Usual(10_000, 0.25), config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary))
            .toList(),
        norm(weights.child("norm"), config),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    LayerNorm before = norm(weights.child("input_layernorm"), config);
    LayerBody self = attention(weights.child("self_attn"), config, rotary);
    LayerBody feedForward = config.feedForward(weights.child("mlp"), false);
    Dropout none = new Dropout(0);
    Dropout dropout = new Dropout(config.hiddenDropout());
    if (config.useParallelResidual()) {
      return new TransformerLayer(
          weights,
          Residual.parallel(
              new Branch(before, self, none, Norm.NONE),
              new Branch(before, feedForward, dropout, Norm.NONE)));
    }
    return new TransformerLayer(
        weights,
        Residual.pre(before, self, none),
        Residual.pre(
            norm(weights.child("post_attention_layernorm"), config), feedForward, dropout));
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    HeadSizes heads = config.heads();
    List<HeadChange> changes = new ArrayList<>();
    if (config.qkLayernorm()) {
      double epsilon = config.layerNormEps();
      changes.add(
          HeadChange.norms(
              PerHeadLayerNorm.listed(
                  weights.child("q_layernorm.norms"), heads.heads(), heads.headSize(), epsilon),
              PerHeadLayerNorm.listed(
                  weights.child("k_layernorm.norms"),
                  heads.keyHeads(),
                  heads.headSize(),
                  epsilon)));
    }
    changes.add(HeadChange.rotary(rotary));
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, config.useQkvBias(), false),
        heads.heads(),
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }
}
