package dev.heed.model.apertus;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.Llama3Scaling;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.nn.Xielu;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Apertus checkpoints: norms of each head, a feed-forward network without gate around xIELU. */
public final class ApertusFamily extends DecoderFamily {
  /** The family. */
  public ApertusFamily() {
    super("apertus", "Apertus");
  }

  record Config(
      @Default("131072") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("14336") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("xielu") String hiddenAct,
      @Default("65536") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("false") boolean attentionBias,
      @Default("false") @Only("false") boolean mlpBias,
      @Default("false") @Only("false") boolean postNorm,
      @Default("true") @Only("true") boolean qkNorm,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {
    /** The learned activation is no function of one number alone, and built apart. */
    @Override
    public Activation activation() {
      return learnsActivation() ? Activation.LINEAR : Activation.named(hiddenAct);
    }

    boolean learnsActivation() {
      return hiddenAct.equals("xielu");
    }
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    RotaryPositions rotary =
        rotary(keys, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
        config.words(weights, keys),
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layers", i), config, rotary))
            .toList(),
        norm(weights.child("norm"), config),
        config.tieWordEmbeddings());
  }

  /** A config that says nothing of positions has those of the published model. */
  private static RotaryConfig rotary(ModelConfig keys, long trained) {
    RotaryConfig found = RotaryConfig.of(keys, 12_000_000, trained);
    boolean silent = !keys.json().has("rope_scaling") && !keys.json().has("rope_parameters");
    return silent
        ? new RotaryConfig(found.base(), new Llama3Scaling(8, 1, 4, 8192), found.share())
        : found;
  }

  private static TransformerLayer layer(Weights weights, Config config, RotaryPositions rotary) {
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.pre(
            norm(weights.child("attention_layernorm"), config),
            attention(weights.child("self_attn"), config, rotary),
            none),
        Residual.pre(
            norm(weights.child("feedforward_layernorm"), config),
            feedForward(weights.child("mlp"), config),
            none));
  }

  private static LayerBody attention(Weights weights, Config config, RotaryPositions rotary) {
    HeadSizes heads = config.heads();
    boolean bias = config.attentionBias();
    RmsNorm queries = new RmsNorm(weights.child("q_norm"), heads.headSize(), config.rmsNormEps());
    RmsNorm keys = new RmsNorm(weights.child("k_norm"), heads.headSize(), config.rmsNormEps());
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, bias, bias),
        heads.heads(),
        List.of(HeadChange.norms(queries, keys), HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  private static LayerBody feedForward(Weights weights, Config config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    Linear up = Linear.of(weights.child("up_proj"), size, inner, false);
    Linear down = Linear.of(weights.child("down_proj"), inner, size, false);
    if (!config.learnsActivation()) {
      return LayerBody.each(
          new FeedForward(weights, up, down, config.activation(), new Dropout(0))::apply);
    }
    Xielu activation = new Xielu(weights.child("act_fn"));
    return LayerBody.each((x, trace) -> down.apply(activation.apply(up.apply(x))));
  }

  private static RmsNorm norm(Weights weights, Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
