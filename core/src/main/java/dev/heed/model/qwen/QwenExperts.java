package dev.heed.model.qwen;

import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.block.LayerBody;
import dev.heed.model.head.RouterLoss;
import dev.heed.nn.Activation;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.Experts;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.TopKRouter;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The mixtures of experts of Qwen 2 and 3.
 *
 * @param numExpertsPerTok that each token goes through
 * @param moeIntermediateSize inner size of an expert
 * @param normTopkProb whether the chosen experts' weights are divided by their sum
 * @param decoderSparseStep every so many layers are mixtures
 * @param mlpOnlyLayers that are none all the same
 * @param outputRouterLogits whether routers' logits and their loss are given unless the call says
 *     so
 * @param routerAuxLossCoef of that loss
 */
record QwenExperts(
    @Nullable Integer numExperts,
    @Nullable Integer numLocalExperts,
    @Nullable Integer numExpertsPerTok,
    @Nullable Integer moeIntermediateSize,
    @Default("false") boolean normTopkProb,
    @Default("1") int decoderSparseStep,
    @Default("[]") @Nullable List<Integer> mlpOnlyLayers,
    @Default("false") boolean outputRouterLogits,
    @Default("0.001") double routerAuxLossCoef) {
  /** Checks what later code divides by. */
  QwenExperts {
    if (decoderSparseStep < 1) {
      throw new IllegalArgumentException(
          "decoder_sparse_step: expected 1 or more, got " + decoderSparseStep);
    }
  }

  /** What a family has where its config says nothing. */
  record Usual(int count, int chosen, int inner) {}

  /** Reads a config; the number of experts has two names. */
  static QwenExperts read(ModelConfig keys, Usual usual) {
    QwenExperts given = keys.read(QwenExperts.class);
    Integer count = given.numExperts == null ? given.numLocalExperts : given.numExperts;
    return new QwenExperts(
        count == null ? Integer.valueOf(usual.count()) : count,
        null,
        given.numExpertsPerTok == null ? Integer.valueOf(usual.chosen()) : given.numExpertsPerTok,
        given.moeIntermediateSize == null
            ? Integer.valueOf(usual.inner())
            : given.moeIntermediateSize,
        given.normTopkProb,
        given.decoderSparseStep,
        given.mlpOnlyLayers,
        given.outputRouterLogits,
        given.routerAuxLossCoef);
  }

  /** How many experts a layer has. */
  int count() {
    return Objects.requireNonNull(numExperts);
  }

  /** How many experts a token goes through. */
  int chosen() {
    return Objects.requireNonNull(numExpertsPerTok);
  }

  /** Whether a layer, from 0, is a mixture. */
  boolean at(int layer) {
    return (mlpOnlyLayers == null || !mlpOnlyLayers.contains(layer))
        && count() > 0
        && (layer + 1) % decoderSparseStep == 0;
  }

  /**
   * The mixture of a layer.
   *
   * @param shared what every token goes through besides, or null
   */
  LayerBody mixture(Weights weights, DecoderSizes config, @Nullable UnaryOperator<Tensor> shared) {
    long size = config.hiddenSize();
    int inner = Objects.requireNonNull(moeIntermediateSize);
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            TopKRouter.softmax(weights.child("gate"), size, count(), chosen(), normTopkProb),
            Experts.listed(
                count(),
                i ->
                    GatedFeedForward.of(
                        weights.child("experts", i), size, inner, false, config.activation())),
            MixtureOfExperts.Weighted.OUTPUT,
            shared));
  }

  /**
   * The same, beside which every token goes through one more expert, as much as a gate lets it.
   *
   * @param inner size of that expert
   */
  LayerBody mixtureAndShared(Weights weights, DecoderSizes config, long inner) {
    long size = config.hiddenSize();
    GatedFeedForward expert =
        GatedFeedForward.of(
            weights.child("shared_expert"), size, inner, false, config.activation());
    Linear gate = Linear.of(weights.child("shared_expert_gate"), size, 1, false);
    return mixture(
        weights, config, x -> expert.apply(x, Trace.NONE).mul(gate.apply(x, Activation.SIGMOID)));
  }

  /** The loss that spreads tokens over experts. */
  DecoderBody.Routing routing() {
    return new DecoderBody.Routing(
        new RouterLoss.Balance(chosen(), routerAuxLossCoef), outputRouterLogits);
  }
}
