package dev.heed.model.granite;

import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.block.LayerBody;
import dev.heed.model.head.RouterLoss;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.StackedExperts;
import dev.heed.nn.moe.TopKRouter;
import dev.heed.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The mixtures of experts of Granite, whose maps are stored in stacks. */
record GraniteExperts(
    @Default("8") int numLocalExperts,
    @Default("2") int numExpertsPerTok,
    @Default("0.001") double routerAuxLossCoef,
    @Default("false") boolean outputRouterLogits) {
  /**
   * The mixture of a layer.
   *
   * @param shared what every token goes through besides, or null
   */
  LayerBody mixture(Weights weights, DecoderSizes config, @Nullable UnaryOperator<Tensor> shared) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    Weights router = weights.child("router.layer");
    Initializer start = Initializer.normal(0.02);
    Tensor in = weights.parameter("input_linear.weight", start, numLocalExperts, 2 * inner, size);
    Tensor out = weights.parameter("output_linear.weight", start, numLocalExperts, size, inner);
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            new TopKRouter(
                router,
                Linear.of(router, size, numLocalExperts, false),
                numExpertsPerTok,
                TopKRouter.Weighting.SOFTMAX_OF_CHOSEN),
            new StackedExperts(
                weights,
                new StackedExperts.Map(in, null, true),
                new StackedExperts.Map(out, null, true),
                StackedExperts.halves(config.activation())),
            MixtureOfExperts.Weighted.OUTPUT,
            shared));
  }

  /** The loss that spreads tokens over experts. */
  DecoderBody.Routing routing() {
    return new DecoderBody.Routing(
        new RouterLoss.Balance(numExpertsPerTok, routerAuxLossCoef), outputRouterLogits);
  }
}
