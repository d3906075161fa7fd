package dev.heed.model.deepseek;

import dev.heed.model.DecoderSizes;
import dev.heed.model.block.LayerBody;
import dev.heed.nn.Activation;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.Experts;
import dev.heed.nn.moe.GroupedRouter;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.nn.moe.Router;
import dev.heed.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * DeepSeek's mixtures of experts: routed ones in groups, beside which every token goes through
 * shared ones, after a few layers without experts.
 *
 * @param nRoutedExperts that a router chooses from
 * @param nSharedExperts whose inner sizes one network has together
 * @param numExpertsPerTok routed ones that each token goes through
 * @param nGroup groups of routed experts, or null for one
 * @param topkGroup groups that are looked at, or null for all
 * @param moeIntermediateSize inner size of an expert
 * @param routedScalingFactor of the routed experts' weights
 * @param firstKDenseReplace layers without experts
 */
public record DeepseekExperts(
    int nRoutedExperts,
    @Nullable Integer nSharedExperts,
    int numExpertsPerTok,
    @Nullable Integer nGroup,
    @Nullable Integer topkGroup,
    int moeIntermediateSize,
    double routedScalingFactor,
    int firstKDenseReplace,
    boolean normTopkProb) {
  /** The same experts in one group. */
  DeepseekExperts ungrouped() {
    return new DeepseekExperts(
        nRoutedExperts,
        nSharedExperts,
        numExpertsPerTok,
        null,
        null,
        moeIntermediateSize,
        routedScalingFactor,
        firstKDenseReplace,
        normTopkProb);
  }

  /** The router of DeepSeek-V3. */
  public Router balanced(Weights weights, long size) {
    return router(weights, size, GroupedRouter.Affinity.BALANCED_SIGMOID);
  }

  /** A router whose tokens are drawn to experts in one way or the other. */
  Router router(Weights weights, long size, GroupedRouter.Affinity affinity) {
    int groups = nGroup == null ? 1 : nGroup;
    return new GroupedRouter(
        weights,
        size,
        new GroupedRouter.Config(
            nRoutedExperts,
            numExpertsPerTok,
            groups,
            topkGroup == null ? groups : topkGroup,
            affinity,
            normTopkProb,
            routedScalingFactor));
  }

  /**
   * The mixture of a layer.
   *
   * @param sharedBias whether the shared experts' maps have biases
   */
  public LayerBody mixture(
      Weights weights, DecoderSizes config, Router router, boolean sharedBias) {
    long size = config.hiddenSize();
    Activation activation = config.activation();
    Experts experts =
        Experts.listed(
            nRoutedExperts,
            i ->
                GatedFeedForward.of(
                    weights.child("experts", i), size, moeIntermediateSize, false, activation));
    return LayerBody.routed(
        new MixtureOfExperts(
            weights,
            router,
            experts,
            MixtureOfExperts.Weighted.OUTPUT,
            shared(weights.child("shared_experts"), config, sharedBias)));
  }

  private @Nullable UnaryOperator<Tensor> shared(
      Weights weights, DecoderSizes config, boolean bias) {
    if (nSharedExperts == null || nSharedExperts == 0) {
      return null;
    }
    long inner = (long) moeIntermediateSize * nSharedExperts;
    GatedFeedForward shared =
        GatedFeedForward.of(weights, config.hiddenSize(), inner, bias, config.activation());
    return x -> shared.apply(x, Trace.NONE);
  }
}
