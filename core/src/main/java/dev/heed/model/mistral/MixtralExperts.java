package dev.heed.model.mistral;

import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.model.block.LayerBody;
import dev.heed.model.head.RouterLoss;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.Experts;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.TopKRouter;

/**
 * The mixtures of experts of Mixtral and MiniMax.
 *
 * @param numExpertsPerTok that each token goes through
 * @param outputRouterLogits whether routers' logits and their loss are given unless the call says
 *     so
 * @param routerAuxLossCoef of that loss
 */
public record MixtralExperts(
    @Default("2") int numExpertsPerTok,
    @Default("8") int numLocalExperts,
    @Default("0.001") double routerAuxLossCoef,
    @Default("0.0") @Only({"0.0", "0"}) double routerJitterNoise,
    @Default("false") boolean outputRouterLogits) {
  /** The mixture of a layer, at its path. */
  public LayerBody mixture(Weights weights, DecoderSizes config) {
    long size = config.hiddenSize();
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            TopKRouter.softmax(
                weights.child("gate"), size, numLocalExperts, numExpertsPerTok, true),
            Experts.listed(numLocalExperts, i -> expert(weights.child("experts", i), config))));
  }

  private static GatedFeedForward expert(Weights weights, DecoderSizes config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    return new GatedFeedForward(
        weights,
        Linear.of(weights.child("w1"), size, inner, false),
        Linear.of(weights.child("w3"), size, inner, false),
        Linear.of(weights.child("w2"), inner, size, false),
        config.activation(),
        new Dropout(0));
  }

  /** The loss that spreads tokens over experts. */
  public DecoderBody.Routing routing() {
    return new DecoderBody.Routing(
        new RouterLoss.Balance(numExpertsPerTok, routerAuxLossCoef), outputRouterLogits);
  }
}
