package dev.heed.model.dinov3;

import dev.heed.attention.GridRotary;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.Default;
import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.vit.GridFrame;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchProjection;
import dev.heed.model.vit.PatchTokens;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.LayerScale;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** DINOv3's Vision Transformers. */
public final class DinoV3Family implements ModelFamily {
  private static final int PATCH = 16;

  record Config(
      @Default("384") int hiddenSize,
      @Default("12") int numHiddenLayers,
      @Default("6") int numAttentionHeads,
      @Default("1536") int intermediateSize,
      @Default("gelu") String hiddenAct,
      @Default("0.0") double attentionDropout,
      @Default("1e-5") double layerNormEps,
      @Default("100.0") double ropeTheta,
      @Default("3") int numChannels,
      @Default("true") boolean queryBias,
      @Default("false") boolean keyBias,
      @Default("true") boolean valueBias,
      @Default("true") boolean projBias,
      @Default("true") boolean mlpBias,
      @Default("false") boolean useGatedMlp,
      @Default("1.0") double layerscaleValue,
      @Default("0") int numRegisterTokens) {
    /** Checks that heads divide the size. */
    Config {
      if (numAttentionHeads < 1 || hiddenSize % numAttentionHeads != 0 || numRegisterTokens < 0) {
        throw new IllegalArgumentException(
            "hidden_size: expected a multiple of the heads, and no fewer than 0 registers, got "
                + hiddenSize
                + ", "
                + numAttentionHeads
                + " heads and "
                + numRegisterTokens
                + " registers");
      }
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("dinov3_vit");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("DINOv3ViTModel", DinoV3Family::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().with("^(dinov3_vit\\.)?model\\.|^dinov3_vit\\.", "");
  }

  @Override
  public Set<String> ignoredKeys() {
    return Set.of(
        // Positions follow from the image at hand.
        "image_size",
        // Of training alone.
        "drop_path_rate",
        "pos_embed_jitter",
        "pos_embed_rescale",
        "pos_embed_shift",
        // What a backbone for other models gives.
        "apply_layernorm",
        "out_features",
        "out_indices",
        "reshape_hidden_states",
        "return_class_token",
        "stage_names");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    PatchTokens tokens = tokens(weights.child("embeddings"), config, keys);
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("layer", i), config))
            .toList();
    return new EncoderModel(
        weights,
        new EncoderModel.Parts(
                tokens::apply,
                TransformerStack.of(layers, norm(weights.child("norm"), config))
                    .recordedBeforeNorm(),
                x -> x.select(1, 0),
                Head.NONE,
                null)
            .in(new GridFrame(tokens::grid, GridFrame.Bias.NONE)));
  }

  private static PatchTokens tokens(Weights weights, Config config, ModelConfig keys) {
    int size = config.hiddenSize();
    Initializer small = Initializer.normal(0.02);
    List<Tensor> special = new ArrayList<>();
    special.add(weights.parameter("cls_token", small, 1, 1, size));
    if (config.numRegisterTokens() > 0) {
      special.add(weights.parameter("register_tokens", small, 1, config.numRegisterTokens(), size));
    } else {
      // The reference keeps a tensor without elements.
      weights.ignore("register_tokens");
    }
    return new PatchTokens(
        new PatchProjection(
            weights.child("patch_embeddings"),
            config.numChannels(),
            size,
            ImageSize.of(keys, "patch_size", PATCH),
            true),
        special,
        weights.parameter("mask_token", Initializer.ZEROS, 1, 1, size));
  }

  private static TransformerLayer layer(Weights weights, Config config) {
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.sandwich(
            norm(weights.child("norm1"), config),
            LayerBody.self(attention(weights.child("attention"), config)),
            scale(weights.child("layer_scale1"), config),
            none),
        Residual.sandwich(
            norm(weights.child("norm2"), config),
            feedForward(weights.child("mlp"), config),
            scale(weights.child("layer_scale2"), config),
            none));
  }

  private static MultiHeadAttention attention(Weights weights, Config config) {
    int size = config.hiddenSize();
    return new MultiHeadAttention(
        weights,
        new HeadProjections.Separate(
            Linear.of(weights.child("q_proj"), size, size, config.queryBias()),
            Linear.of(weights.child("k_proj"), size, size, config.keyBias()),
            Linear.of(weights.child("v_proj"), size, size, config.valueBias()),
            Linear.of(weights.child("o_proj"), size, size, config.projBias())),
        config.numAttentionHeads(),
        List.of(new GridRotary(size / config.numAttentionHeads(), config.ropeTheta())),
        ScaledDotProduct.dropping(config.attentionDropout()));
  }

  private static LayerBody feedForward(Weights weights, Config config) {
    int size = config.hiddenSize();
    int inner = config.intermediateSize();
    Activation activation = Activation.named(config.hiddenAct());
    if (config.useGatedMlp()) {
      return LayerBody.each(
          GatedFeedForward.of(weights, size, inner, config.mlpBias(), activation)::apply);
    }
    return LayerBody.each(
        new FeedForward(
                weights,
                Linear.of(weights.child("up_proj"), size, inner, config.mlpBias()),
                Linear.of(weights.child("down_proj"), inner, size, config.mlpBias()),
                activation,
                new Dropout(0))
            ::apply);
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }

  private static LayerScale scale(Weights weights, Config config) {
    return new LayerScale(weights, "lambda1", config.hiddenSize(), config.layerscaleValue());
  }
}
