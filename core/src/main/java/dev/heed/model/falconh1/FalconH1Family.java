package dev.heed.model.falconh1;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.mixer.statespace.Mamba2Block;
import dev.heed.mixer.statespace.Mamba2Choices;
import dev.heed.mixer.statespace.Mamba2Choices.Gating;
import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.StepLimit;
import dev.heed.model.block.Branch;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.mamba.Mamba2Keys;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Falcon-H1 checkpoints. */
public final class FalconH1Family extends DecoderFamily {
  private static final Dropout NONE = new Dropout(0);

  /** The family. */
  public FalconH1Family() {
    super("falcon_h1", "FalconH1");
  }

  @Override
  public Set<String> ignoredKeys() {
    // How many tokens are scanned or scored at once; what steps start from; what others say too.
    return Set.of(
        "mamba_chunk_size",
        "num_logits_to_keep",
        "time_step_min",
        "time_step_max",
        "time_step_floor",
        "mlp_expansion_factor");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    FalconH1Config config = DecoderSizes.read(keys, FalconH1Config.class);
    Mamba2Keys mamba = keys.read(Mamba2Keys.class);
    Integer inner = config.mambaDSsm();
    Mamba2Config sizes =
        mamba.sizes(
            keys,
            config.hiddenSize(),
            inner == null ? (long) mamba.mambaExpand() * config.hiddenSize() : inner);
    Mamba2Choices choices = choices(config, mamba, StepLimit.of(keys));
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> {
                  Weights path = weights.child("layers", i);
                  return layer(
                      path,
                      config,
                      attention(path.child("self_attn"), config, rotary),
                      new Mamba2Block(path.child("mamba"), sizes, choices));
                })
                .toList(),
            norm(weights.child("final_layernorm"), config),
            config.tieWordEmbeddings())
        .embedded(x -> x.mul(config.embeddingMultiplier()))
        .scored(scores -> scores.mul(config.lmHeadMultiplier()));
  }

  private static Mamba2Choices choices(FalconH1Config config, Mamba2Keys mamba, StepLimit limit) {
    Gating normed =
        config.mambaNormBeforeGate() ? Gating.GATED_NORM_OF_GROUPS : Gating.NORM_OF_GROUPS;
    return new Mamba2Choices(
        mamba.mambaProjBias(),
        config.projectorsBias(),
        mamba.mambaConvBias(),
        config.activation(),
        config.mambaRmsNorm() ? normed : Gating.NO_NORM,
        config.rmsNormEps(),
        limit.shortest(),
        limit.longest(),
        config.stateMultipliers());
  }

  /** Both mixers read the same norm. */
  private static TransformerLayer layer(
      Weights weights, FalconH1Config config, LayerBody attention, Mamba2Block mamba) {
    Norm norm = norm(weights.child("input_layernorm"), config);
    return new TransformerLayer(
        weights,
        Residual.parallel(
            new Branch(
                x -> norm.apply(x).mul(config.ssmInMultiplier()),
                LayerBody.stateful(mamba),
                NONE,
                y -> y.mul(config.ssmOutMultiplier())),
            new Branch(
                x -> norm.apply(x).mul(config.attentionInMultiplier()),
                attention,
                NONE,
                y -> y.mul(config.attentionOutMultiplier()))),
        Residual.pre(
            norm(weights.child("pre_ff_layernorm"), config),
            network(weights.child("feed_forward"), config),
            NONE));
  }

  private static LayerBody attention(
      Weights weights, FalconH1Config config, RotaryPositions rotary) {
    boolean bias = config.attentionBias();
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, config.heads(), bias, bias),
        config.numAttentionHeads(),
        List.of(
            HeadChange.norms(Norm.NONE, key -> key.mul(config.keyMultiplier())),
            HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        0);
  }

  /** Llama's, with a multiplier of the gate and one of the result. */
  private static LayerBody network(Weights weights, FalconH1Config config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    Linear gate = Linear.of(weights.child("gate_proj"), size, inner, config.mlpBias());
    Linear up = Linear.of(weights.child("up_proj"), size, inner, config.mlpBias());
    Linear down = Linear.of(weights.child("down_proj"), inner, size, config.mlpBias());
    Activation activation = config.activation();
    return LayerBody.each((x, trace) -> {
      Tensor open = activation.apply(gate.apply(x).mul(config.gateMultiplier()));
      return down.apply(open.mul(up.apply(x))).mul(config.downMultiplier());
    });
  }

  private static RmsNorm norm(Weights weights, FalconH1Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
