package dev.heed.model.segformer;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.SpatialReductionAttention;
import dev.heed.model.Run;
import dev.heed.model.block.GridTokens;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.block.TransformerStack.Recorded;
import dev.heed.nn.Activation;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The stages: overlapping patches, layers, a norm. */
final class SegformerEncoder extends Module {
  /** Of all norms; the config's {@code layer_norm_eps} has no part in the reference's numbers. */
  private static final double EPSILON = 1e-5;

  private final List<Stage> stages = new ArrayList<>();

  /**
   * A stage.
   *
   * @param patches overlapping ones
   * @param first the norm of these
   * @param layers and the norm after them
   */
  private record Stage(Conv2d patches, LayerNorm first, TransformerStack layers) {
    GridTokens apply(Tensor map, Run run) {
      GridTokens embedded = GridTokens.of(patches.apply(map));
      return embedded.with(first.apply(embedded.tokens())).through(layers, run);
    }
  }

  SegformerEncoder(Weights weights, SegformerConfig config) {
    super(weights);
    for (int i = 0; i < config.numEncoderBlocks(); i++) {
      stages.add(stage(weights, config, i));
    }
  }

  private static Stage stage(Weights weights, SegformerConfig config, int i) {
    int size = config.hiddenSizes().get(i);
    int side = config.patchSizes().get(i);
    Weights embeddings = weights.child("patch_embeddings", i);
    Conv2d patches =
        new Conv2d(
            embeddings.child("proj"),
            i == 0 ? config.numChannels() : config.hiddenSizes().get(i - 1),
            size,
            side,
            new Geometry(config.strides().get(i), side / 2, 1, 1),
            true);
    Weights block = weights.child("block", i);
    List<TransformerLayer> layers =
        IntStream.range(0, config.depths().get(i))
            .mapToObj(layer -> layer(block.child(String.valueOf(layer)), config, i))
            .toList();
    return new Stage(
        patches,
        norm(embeddings.child("layer_norm"), size),
        TransformerStack.of(layers, norm(weights.child("layer_norm", i), size))
            .recording(Recorded.NONE));
  }

  /** Each stage's states, of which the last has no special tokens either. */
  List<GridTokens> apply(Run run) {
    List<GridTokens> states = new ArrayList<>();
    Tensor map = run.input().require("pixel_values");
    for (Stage stage : stages) {
      GridTokens state = stage.apply(map, run);
      states.add(state);
      map = state.map();
    }
    return states;
  }

  private static TransformerLayer layer(Weights weights, SegformerConfig config, int stage) {
    int size = config.hiddenSizes().get(stage);
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    return new TransformerLayer(
        weights,
        Residual.pre(
            norm(weights.child("layer_norm_1"), size),
            LayerBody.self(attention(weights.child("attention"), config, stage)),
            dropout),
        Residual.pre(
            norm(weights.child("layer_norm_2"), size),
            mixing(weights.child("mlp"), config, stage),
            dropout));
  }

  private static SequenceMixer attention(Weights weights, SegformerConfig config, int stage) {
    int size = config.hiddenSizes().get(stage);
    int ratio = config.srRatios().get(stage);
    Weights self = weights.child("self");
    MultiHeadAttention attention =
        new MultiHeadAttention(
            self,
            HeadProjections.queryKeyValue(self, weights.child("output.dense"), size, true, true),
            config.numAttentionHeads().get(stage),
            List.of(),
            ScaledDotProduct.dropping(config.attentionProbsDropoutProb()));
    return ratio == 1
        ? attention
        : new SpatialReductionAttention(
            self,
            attention,
            new Conv2d(self.child("sr"), size, size, ratio, new Geometry(ratio, 0, 1, 1), true),
            norm(self.child("layer_norm"), size));
  }

  /**
   * {@code W₂·f(depthwise(W₁·x))}: the convolution tells places apart, so that there are no
   * positions (Xie et al. 2021, equation 3).
   */
  private static LayerBody mixing(Weights weights, SegformerConfig config, int stage) {
    int size = config.hiddenSizes().get(stage);
    int inner = (int) (size * config.mlpRatios().get(stage));
    Linear in = Linear.of(weights.child("dense1"), size, inner);
    Linear out = Linear.of(weights.child("dense2"), inner, size);
    Conv2d depthwise =
        new Conv2d(
            weights.child("dwconv.dwconv"), inner, inner, 3, new Geometry(1, 1, 1, inner), true);
    Activation activation = Activation.named(config.hiddenAct());
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    return LayerBody.overGrid((x, grid, trace) -> {
      Tensor mixed = GridTokens.of(depthwise.apply(GridTokens.map(in.apply(x), grid))).tokens();
      return out.apply(dropout.apply(activation.apply(mixed), trace));
    });
  }

  private static LayerNorm norm(Weights weights, int size) {
    return new LayerNorm(weights, size, EPSILON);
  }
}
