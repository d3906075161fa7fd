package dev.heed.model.swin;

import dev.heed.attention.CosineHeads;
import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.Grid;
import dev.heed.attention.score.GridBias;
import dev.heed.attention.score.ScoreBias;
import dev.heed.attention.sparse.ShiftedWindows;
import dev.heed.attention.sparse.WindowAttention;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.List;

/** The layers of both versions. */
final class SwinBlocks {
  /** The largest factor of a cosine is 100. */
  private static final double LARGEST_LOG_SCALE = Math.log(100);

  private static final double FIRST_LOG_SCALE = Math.log(10);

  private SwinBlocks() {}

  /** Version 1: norms before each part, a table of biases. */
  record First(SwinConfig config) implements SwinLayers {
    @Override
    public TransformerLayer layer(Weights weights, int stage, boolean shifted) {
      Weights attention = weights.child("attention");
      return new TransformerLayer(
          weights,
          Residual.pre(
              norm(weights.child("layernorm_before"), config, stage),
              LayerBody.self(windows(attention, stage, shifted)),
              new Dropout(config.attentionProbsDropoutProb())),
          Residual.pre(
              norm(weights.child("layernorm_after"), config, stage),
              feedForward(weights, config, stage),
              new Dropout(config.hiddenDropoutProb())));
    }

    private WindowAttention windows(Weights weights, int stage, boolean shifted) {
      int side = config.windowSize();
      int heads = config.numHeads().get(stage);
      Grid window = new Grid(side, side);
      Weights self = weights.child("self");
      Tensor table =
          self.parameter(
              "relative_position_bias_table", Initializer.normal(0.02), window.offsets(), heads);
      // Old files keep which row a pair reads.
      self.ignore("relative_position_index");
      return new WindowAttention(
          self,
          attention(weights, config, stage, config.qkvBias(), List.of(), new ScaledDotProduct()),
          grid -> cuts(grid, side, shifted),
          () -> new ScoreBias(GridBias.written(table, window)));
    }

    /** An image of one window or less is not cut. */
    private static ShiftedWindows cuts(Grid grid, int side, boolean shifted) {
      int smaller = Math.min(grid.height(), grid.width());
      if (smaller < side) {
        throw new ShapeException(
            "pixel_values: expected an image of at least one window of "
                + side
                + " by "
                + side
                + " patches in every stage, got "
                + grid
                + "; take a larger image");
      }
      return new ShiftedWindows(grid, side, shifted && smaller > side ? side / 2 : 0);
    }

    @Override
    public PatchMerging merging(Weights weights, int stage) {
      return new PatchMerging(weights, config.size(stage), true);
    }
  }

  /**
   * Version 2: norms after each part, scores by angles, biases by a network.
   *
   * @param trained the grid of the images trained on
   */
  record Second(SwinConfig config, Grid trained) implements SwinLayers {
    @Override
    public TransformerLayer layer(Weights weights, int stage, boolean shifted) {
      Weights attention = weights.child("attention");
      return new TransformerLayer(
          weights,
          Residual.sandwich(
              Norm.NONE,
              LayerBody.self(windows(attention, stage, shifted)),
              norm(weights.child("layernorm_before"), config, stage),
              new Dropout(config.attentionProbsDropoutProb())),
          Residual.sandwich(
              Norm.NONE,
              feedForward(weights, config, stage),
              norm(weights.child("layernorm_after"), config, stage),
              new Dropout(config.hiddenDropoutProb())));
    }

    private WindowAttention windows(Weights weights, int stage, boolean shifted) {
      int heads = config.numHeads().get(stage);
      int rows = trained.height() >> stage;
      // The reference takes the side from the rows of the images trained on.
      int side = Math.max(1, Math.min(rows, config.windowSize()));
      int shift = shifted && rows > side ? config.windowSize() / 2 : 0;
      Weights self = weights.child("self");
      Tensor scale =
          self.parameter(
              "logit_scale",
              (shape, type, random) -> Tensor.ones(shape, type).mul(FIRST_LOG_SCALE),
              heads,
              1,
              1);
      ContinuousBias bias =
          new ContinuousBias(
              self.child("continuous_position_bias_mlp"), heads, side, config.pretrained(stage));
      // Old files keep what follows from the sizes.
      self.ignore("relative_position_index", "relative_coords_table");
      return new WindowAttention(
          self,
          attention(
              weights,
              config,
              stage,
              false,
              List.of(new CosineHeads(scale, LARGEST_LOG_SCALE)),
              new ScaledDotProduct(1)),
          grid -> new ShiftedWindows(grid, side, shift),
          bias::make);
    }

    @Override
    public PatchMerging merging(Weights weights, int stage) {
      return new PatchMerging(weights, config.size(stage), false);
    }
  }

  private static MultiHeadAttention attention(
      Weights weights,
      SwinConfig config,
      int stage,
      boolean keyBias,
      List<HeadChange> changes,
      ScaledDotProduct scale) {
    int size = config.size(stage);
    Weights self = weights.child("self");
    return new MultiHeadAttention(
        self,
        HeadProjections.queryKeyValue(
            self, weights.child("output.dense"), size, config.qkvBias(), keyBias),
        config.numHeads().get(stage),
        changes,
        new ScaledDotProduct(scale.scale(), new Dropout(config.attentionProbsDropoutProb())));
  }

  private static LayerBody feedForward(Weights weights, SwinConfig config, int stage) {
    int size = config.size(stage);
    int inner = (int) (config.mlpRatio() * size);
    FeedForward network =
        new FeedForward(
            weights,
            Linear.of(weights.child("intermediate.dense"), size, inner),
            Linear.of(weights.child("output.dense"), inner, size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    return LayerBody.each(network::apply);
  }

  private static LayerNorm norm(Weights weights, SwinConfig config, int stage) {
    return new LayerNorm(weights, config.size(stage), config.layerNormEps());
  }
}
