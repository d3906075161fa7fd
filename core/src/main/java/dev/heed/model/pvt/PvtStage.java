package dev.heed.model.pvt;

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
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One stage: patches with positions, in the last a class token in front, then layers. */
final class PvtStage extends Module {
  private final Conv2d patches;
  private final LayerNorm norm;
  private final @Nullable Tensor classToken;
  private final Tensor positions;
  private final Dropout dropout;
  private final TransformerStack layers;

  /**
   * A stage.
   *
   * @param weights of the encoder
   * @param i which, from 0
   */
  PvtStage(Weights weights, PvtConfig config, int i) {
    super(weights);
    Weights embeddings = weights.child("patch_embeddings", i);
    int size = config.hiddenSizes().get(i);
    boolean last = i == config.numEncoderBlocks() - 1;
    Initializer start = Initializer.normal(1);
    this.patches =
        new Conv2d(
            embeddings.child("projection"),
            i == 0 ? config.numChannels() : config.hiddenSizes().get(i - 1),
            size,
            config.strides().get(i),
            new Geometry(config.patchSizes().get(i), 0, 1, 1),
            true);
    this.norm = norm(embeddings.child("layer_norm"), size, config);
    this.classToken = last ? embeddings.parameter("cls_token", start, 1, 1, size) : null;
    this.positions =
        embeddings.parameter(
            "position_embeddings", start, 1, config.patches(i) + (last ? 1 : 0), size);
    this.dropout = new Dropout(config.hiddenDropoutProb());
    Weights block = weights.child("block", i);
    List<TransformerLayer> list =
        IntStream.range(0, config.depths().get(i))
            .mapToObj(layer -> layer(block.child(String.valueOf(layer)), config, i))
            .toList();
    this.layers = TransformerStack.of(list).recording(Recorded.OUTPUTS);
  }

  /** From a map {@code [B, channels, rows, columns]}. */
  GridTokens apply(Tensor map, Run run) {
    GridTokens places = GridTokens.of(patches.apply(map));
    Tensor tokens = norm.apply(places.tokens());
    if (classToken != null) {
      Tensor first = classToken.expand(tokens.size(0), 1, tokens.size(2));
      tokens = Tensor.cat(List.of(first, tokens), 1);
    }
    if (tokens.size(1) != positions.size(1)) {
      throw new ShapeException(
          "pixel_values: expected an image of image_size, whose patches have "
              + positions.size(1)
              + " positions at "
              + path()
              + ", got "
              + tokens.size(1)
              + " patches; resize the image");
    }
    Tensor placed = dropout.apply(tokens.add(positions), run.trace());
    return places.with(placed).through(layers, run);
  }

  private static TransformerLayer layer(Weights weights, PvtConfig config, int stage) {
    int size = config.hiddenSizes().get(stage);
    int inner = (int) (size * config.mlpRatios().get(stage));
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    Weights mlp = weights.child("mlp");
    FeedForward network =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("dense1"), size, inner),
            Linear.of(mlp.child("dense2"), inner, size),
            Activation.named(config.hiddenAct()),
            dropout);
    return new TransformerLayer(
        weights,
        Residual.pre(
            norm(weights.child("layer_norm_1"), size, config),
            LayerBody.self(attention(weights.child("attention"), config, stage)),
            dropout),
        Residual.pre(
            norm(weights.child("layer_norm_2"), size, config),
            LayerBody.each(network::apply),
            dropout));
  }

  private static SequenceMixer attention(Weights weights, PvtConfig config, int stage) {
    int size = config.hiddenSizes().get(stage);
    int ratio = config.sequenceReductionRatios().get(stage);
    Weights self = weights.child("self");
    MultiHeadAttention attention =
        new MultiHeadAttention(
            self,
            HeadProjections.queryKeyValue(
                self, weights.child("output.dense"), size, config.qkvBias(), config.qkvBias()),
            config.numAttentionHeads().get(stage),
            List.of(),
            ScaledDotProduct.dropping(config.attentionProbsDropoutProb()));
    if (ratio == 1) {
      return attention;
    }
    Conv2d reduction =
        new Conv2d(
            self.child("sequence_reduction"),
            size,
            size,
            ratio,
            new Geometry(ratio, 0, 1, 1),
            true);
    return new SpatialReductionAttention(
        self, attention, reduction, norm(self.child("layer_norm"), size, config));
  }

  private static LayerNorm norm(Weights weights, int size, PvtConfig config) {
    return new LayerNorm(weights, size, config.layerNormEps());
  }
}
