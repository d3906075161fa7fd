package dev.heed.model.gemma;

import dev.heed.model.block.Branch;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.StackedExperts;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * A layer of Gemma 4 around its attention: a feed-forward network, perhaps experts beside it, what
 * the layer's own inputs add, and a factor of everything.
 */
record Gemma4Layer(Gemma4Config config) {
  /**
   * Builds a layer.
   *
   * @param number of the layer, from 0
   */
  TransformerLayer of(Weights weights, LayerBody attention, int number) {
    long size = config.hiddenSize();
    Dropout none = new Dropout(0);
    Tensor scale = weights.buffer("layer_scalar", Initializer.ONES, 1);
    Residual self =
        Residual.sandwich(
            norm(weights.child("input_layernorm"), size),
            attention,
            norm(weights.child("post_attention_layernorm"), size),
            none);
    Branch inner =
        new Branch(
            Norm.NONE,
            feedForward(weights, number),
            none,
            norm(weights.child("post_feedforward_layernorm"), size));
    if (config.perLayer() == 0) {
      return new TransformerLayer(weights, self, new Residual(List.of(inner), x -> x.mul(scale)));
    }
    Branch inputs =
        new Branch(
            Norm.NONE,
            inputs(weights),
            none,
            norm(weights.child("post_per_layer_input_norm"), size));
    return new TransformerLayer(
        weights,
        self,
        new Residual(List.of(inner), Norm.NONE),
        new Residual(List.of(inputs), x -> x.mul(scale)));
  }

  RmsNorm norm(Weights weights, long size) {
    return new RmsNorm(weights, size, config.rmsNormEps());
  }

  /** The layer's own inputs, gated by the states. */
  private LayerBody inputs(Weights weights) {
    long size = config.hiddenSize();
    long own = config.perLayer();
    Linear gate = Linear.of(weights.child("per_layer_input_gate"), size, own, false);
    Linear out = Linear.of(weights.child("per_layer_projection"), own, size, false);
    return LayerBody.accompanied(
        (x, inputs) -> out.apply(gate.apply(x, config.activation()).mul(inputs)));
  }

  private LayerBody feedForward(Weights weights, int number) {
    long size = config.hiddenSize();
    boolean wide =
        config.useDoubleWideMlp() && number >= config.firstShared() && config.firstShared() > 0;
    GatedFeedForward dense =
        GatedFeedForward.of(
            weights.child("mlp"),
            size,
            (long) config.intermediateSize() * (wide ? 2 : 1),
            false,
            config.activation());
    RmsNorm before = norm(weights.child("pre_feedforward_layernorm"), size);
    if (!config.enableMoeBlock()) {
      return LayerBody.each((x, trace) -> dense.apply(before.apply(x), trace));
    }
    RmsNorm afterDense = norm(weights.child("post_feedforward_layernorm_1"), size);
    RmsNorm afterExperts = norm(weights.child("post_feedforward_layernorm_2"), size);
    MixtureOfExperts experts = experts(weights);
    return LayerBody.each((x, trace) -> {
      Tensor first = afterDense.apply(dense.apply(before.apply(x), trace));
      return first.add(afterExperts.apply(experts.apply(x, trace).y()));
    });
  }

  private MixtureOfExperts experts(Weights weights) {
    long size = config.hiddenSize();
    int count = Objects.requireNonNull(config.numExperts());
    long inner = Objects.requireNonNull(config.moeIntermediateSize());
    Weights path = weights.child("experts");
    Initializer start = Initializer.normal(0.02);
    StackedExperts stacked =
        new StackedExperts(
            path,
            new StackedExperts.Map(
                path.parameter("gate_up_proj", start, count, 2 * inner, size), null, true),
            new StackedExperts.Map(
                path.parameter("down_proj", start, count, size, inner), null, true),
            StackedExperts.halves(config.activation()));
    RmsNorm before = norm(weights.child("pre_feedforward_layernorm_2"), size);
    return new MixtureOfExperts(
        path,
        new Gemma4Router(
            weights.child("router"),
            size,
            count,
            Objects.requireNonNull(config.topKExperts()),
            config.rmsNormEps()),
        stacked.behind(before));
  }
}
