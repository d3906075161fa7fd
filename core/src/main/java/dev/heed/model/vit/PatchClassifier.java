package dev.heed.model.vit;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * A Vision Transformer that classifies, under the parameter names of timm's implementation: a class
 * token in front of embedded patches, learned positions, pre-norm blocks, and a linear head on the
 * class token (Dosovitskiy et al. 2020, section 3.1).
 */
public final class PatchClassifier extends Module {
  private final Conv2d patches;
  private final Tensor classToken;
  private final Tensor positions;
  private final List<TransformerLayer> blocks = new ArrayList<>();
  private final LayerNorm norm;
  private final Linear head;

  /** A classifier of these sizes. */
  public PatchClassifier(Weights weights, PatchClassifierConfig config) {
    super(weights);
    Geometry apart = new Geometry(config.patch(), 0, 1, 1);
    this.patches =
        new Conv2d(
            weights.child("patch_embed.proj"),
            config.channels(),
            config.size(),
            config.patch(),
            apart,
            true);
    Initializer small = Initializer.normal(0.02);
    this.classToken = weights.parameter("cls_token", small, 1, 1, config.size());
    this.positions = weights.parameter("pos_embed", small, 1, 1 + config.patches(), config.size());
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(block(weights.child("blocks", i), config));
    }
    this.norm = new LayerNorm(weights.child("norm"), config.size(), config.epsilon());
    this.head = Linear.of(weights.child("head"), config.size(), config.classes());
  }

  /**
   * Classifies images {@code [B, channels, image, image]}.
   *
   * <p>Points: {@code blocks.N.attn.pattern [B, heads, 1 + patches, 1 + patches]}.
   *
   * @return logits {@code [B, classes]}
   */
  public Tensor apply(Tensor images, Trace trace) {
    return TensorScope.run(() -> {
      Tensor embedded = patches.apply(images).flatten(2, 3).transpose(1, 2);
      Tensor first = classToken.expand(images.size(0), 1, classToken.size(-1));
      Tensor x = Tensor.cat(List.of(first, embedded), 1).add(positions);
      for (TransformerLayer block : blocks) {
        x = block.apply(x, new LayerCall(AttentionRequest.of(null, trace)));
      }
      return head.apply(norm.apply(x).select(1, 0));
    });
  }

  /** The names of the points that carry attention, first layer first. */
  public List<String> patterns() {
    return blocks.stream().map(block -> block.path() + ".attn.pattern").toList();
  }

  /** Norms before each part, and one map for queries, keys and values. */
  private static TransformerLayer block(Weights weights, PatchClassifierConfig config) {
    int size = config.size();
    Weights attention = weights.child("attn");
    MultiHeadAttention self =
        new MultiHeadAttention(
            attention,
            new Fused(
                Linear.of(attention.child("qkv"), size, 3L * size),
                Layout.BLOCKS,
                config.heads(),
                Linear.of(attention.child("proj"), size, size)),
            config.heads());
    Weights mlp = weights.child("mlp");
    FeedForward feedForward =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("fc1"), size, config.inner()),
            Linear.of(mlp.child("fc2"), config.inner(), size),
            Activation.GELU,
            new Dropout(0));
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.pre(
            new LayerNorm(weights.child("norm1"), size, config.epsilon()),
            LayerBody.self(self),
            none),
        Residual.pre(
            new LayerNorm(weights.child("norm2"), size, config.epsilon()),
            LayerBody.each(feedForward::apply),
            none));
  }
}
