package dev.heed.model.blip;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.Run;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.clip.PairModel.Reading;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchPositions;
import dev.heed.model.vit.PatchProjection;
import dev.heed.model.vit.PatchTokens;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;

/** The encoder of images: norms before each part, one map for queries, keys and values. */
final class BlipVision extends Module {
  private static final int IMAGE = 384;
  private static final int PATCH = 16;

  /** Of the last norm, whatever the config says. */
  private static final double LAST_EPSILON = 1e-5;

  private final PatchTokens tokens;
  private final Tensor positions;
  private final ImageSize image;
  private final ImageSize trained;
  private final TransformerStack stack;
  private final LayerNorm last;
  private final int size;

  /**
   * Its sizes and choices, named as in {@code vision_config}.
   *
   * @param hiddenSize H
   * @param intermediateSize inner size of the feed-forward part
   * @param numHiddenLayers layers
   * @param numAttentionHeads heads of each layer
   * @param numChannels of an image
   * @param hiddenAct an activation by its config name
   * @param layerNormEps of the layers' norms
   * @param attentionDropout of attention weights while training
   */
  record Config(
      @Default("768") int hiddenSize,
      @Default("3072") int intermediateSize,
      @Default("12") int numHiddenLayers,
      @Default("12") int numAttentionHeads,
      @Default("3") int numChannels,
      @Default("gelu") String hiddenAct,
      @Default("1e-5") double layerNormEps,
      @Default("0.0") double attentionDropout) {}

  /**
   * At its path.
   *
   * @param names what the output's series begin with
   */
  BlipVision(Weights weights, ModelConfig keys, String names) {
    super(weights);
    Config config = keys.read(Config.class);
    // Dropout of fully connected layers is in no layer of the reference, and nothing projects here.
    keys.known("dropout", "projection_dim");
    ImageSize patch = ImageSize.of(keys, "patch_size", PATCH);
    Weights embeddings = weights.child("embeddings");
    Initializer small = Initializer.normal(0.02);
    this.size = config.hiddenSize();
    this.image = ImageSize.of(keys, "image_size", IMAGE);
    this.trained = image.over(patch);
    this.tokens =
        new PatchTokens(
            new PatchProjection(
                embeddings.child("patch_embedding"), config.numChannels(), size, patch, true),
            List.of(embeddings.parameter("class_embedding", small, 1, 1, size)),
            null);
    this.positions =
        embeddings.parameter("position_embedding", small, 1, 1L + trained.count(), size);
    this.last = new LayerNorm(weights.child("post_layernorm"), size, LAST_EPSILON);
    this.stack =
        TransformerStack.of(
                TransformerStack.layers(
                    weights.child("encoder"), config.numHiddenLayers(), at -> layer(at, config)),
                last)
            .recordedBeforeNorm()
            .named(names);
  }

  /** The size of its states. */
  int size() {
    return size;
  }

  /** States of the class token and the patches, and the class token's, normalised once more. */
  Reading apply(Run run) {
    PatchPositions.requireSize(run, image);
    Tensor places =
        PatchPositions.resized(
            positions,
            1,
            trained,
            tokens.projection().grid(run.input().require("pixel_values")),
            PatchPositions.BY_SIZE);
    AttentionRequest request = run.request(null).withState(null).withGrid(tokens.grid(run));
    Tensor states =
        stack.apply(tokens.apply(run).add(places), run, layer -> new LayerCall(request));
    return new Reading(states, last.apply(states.select(1, 0)));
  }

  private static TransformerLayer layer(Weights weights, Config config) {
    int size = config.hiddenSize();
    Dropout none = new Dropout(0);
    Weights attention = weights.child("self_attn");
    MultiHeadAttention self =
        new MultiHeadAttention(
            attention,
            new Fused(
                Linear.of(attention.child("qkv"), size, 3L * size),
                Layout.BLOCKS,
                config.numAttentionHeads(),
                Linear.of(attention.child("projection"), size, size)),
            config.numAttentionHeads(),
            List.of(),
            ScaledDotProduct.dropping(config.attentionDropout()));
    Weights mlp = weights.child("mlp");
    FeedForward network =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("fc1"), size, config.intermediateSize()),
            Linear.of(mlp.child("fc2"), config.intermediateSize(), size),
            Activation.named(config.hiddenAct()),
            none);
    return new TransformerLayer(
        weights,
        Residual.pre(
            new LayerNorm(weights.child("layer_norm1"), size, config.layerNormEps()),
            LayerBody.self(self),
            none),
        Residual.pre(
            new LayerNorm(weights.child("layer_norm2"), size, config.layerNormEps()),
            LayerBody.each(network::apply),
            none));
  }
}
