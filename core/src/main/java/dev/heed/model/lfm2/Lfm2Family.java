package dev.heed.model.lfm2;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.DecoderArchitectures;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** LFM2 checkpoints. */
public final class Lfm2Family extends DecoderFamily {
  private static final Dropout NONE = new Dropout(0);

  /** The family. */
  public Lfm2Family() {
    super("lfm2", "Lfm2");
  }

  @Override
  public NameMap names(String architecture) {
    return DecoderArchitectures.names().with("\\.self_attn\\.out_proj\\.", ".self_attn.o_proj.");
  }

  @Override
  public Set<String> ignoredKeys() {
    // What other keys say too, and what parameters start from.
    return Set.of(
        "block_dim",
        "block_mlp_init_scale",
        "block_norm_eps",
        "block_out_init_scale",
        "block_use_swiglu",
        "block_use_xavier_init",
        "conv_dim",
        "conv_dim_out",
        "conv_use_xavier_init",
        "num_heads",
        "theta",
        "use_pos_enc");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Lfm2Config config = DecoderSizes.read(keys, Lfm2Config.class);
    int taps = keys.integer("conv_L_cache", 3);
    List<Boolean> attends = config.attends(keys);
    RotaryPositions rotary =
        RotaryConfig.of(keys, 1_000_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, taps, attends.get(i), rotary))
            .toList(),
        norm(weights.child("embedding_norm"), config),
        config.tieWordEmbeddings());
  }

  private static TransformerLayer layer(
      Weights weights, Lfm2Config config, int taps, boolean attends, RotaryPositions rotary) {
    LayerBody mixer =
        attends
            ? attention(weights.child("self_attn"), config, rotary)
            : LayerBody.stateful(
                new GatedConvolution(
                    weights.child("conv"), config.hiddenSize(), taps, config.convBias()));
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("operator_norm"), config), mixer, NONE),
        Residual.pre(
            norm(weights.child("ffn_norm"), config),
            feedForward(weights.child("feed_forward"), config),
            NONE));
  }

  private static LayerBody attention(Weights weights, Lfm2Config config, RotaryPositions rotary) {
    HeadSizes heads = config.heads();
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, false, false),
        heads.heads(),
        List.of(
            HeadChange.norms(
                new RmsNorm(weights.child("q_layernorm"), heads.headSize(), config.normEps()),
                new RmsNorm(weights.child("k_layernorm"), heads.headSize(), config.normEps())),
            HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(0),
        0);
  }

  private static LayerBody feedForward(Weights weights, Lfm2Config config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    return LayerBody.each(
        new GatedFeedForward(
                weights,
                Linear.of(weights.child("w1"), size, inner, false),
                Linear.of(weights.child("w3"), size, inner, false),
                Linear.of(weights.child("w2"), inner, size, false),
                Activation.SILU,
                NONE)
            ::apply);
  }

  private static RmsNorm norm(Weights weights, Lfm2Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.normEps());
  }
}
