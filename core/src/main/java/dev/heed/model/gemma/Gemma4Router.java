package dev.heed.model.gemma;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.Router;
import dev.heed.nn.moe.TopKRouter;
import dev.heed.tensor.Tensor;

/**
 * Chooses experts by a softmax of normalised and scaled states; the chosen experts' weights are
 * divided by their sum and multiplied by a learned scale of each expert.
 *
 * <p>Parameters: {@code proj.weight [E, H]}, {@code scale [H]}, {@code per_expert_scale [E]}.
 */
final class Gemma4Router extends Module implements Router {
  private final Norm norm;
  private final Tensor scale;
  private final Tensor expertScale;
  private final TopKRouter router;
  private final double root;

  Gemma4Router(Weights weights, long size, int experts, int chosen, double epsilon) {
    super(weights);
    this.norm = RmsNorm.plain(epsilon);
    this.scale = weights.parameter("scale", Initializer.ONES, size);
    this.expertScale = weights.parameter("per_expert_scale", Initializer.ONES, experts);
    this.router = TopKRouter.softmax(weights.child("proj"), size, experts, chosen, true);
    this.root = 1 / Math.sqrt(size);
  }

  @Override
  public Routing route(Tensor x) {
    Routing routing = router.route(norm.apply(x).mul(scale).mul(root));
    Tensor scales =
        expertScale
            .indexSelect(0, routing.experts().flatten(0, 1))
            .reshape(routing.experts().shape().toArray());
    return new Routing(routing.experts(), routing.weights().mul(scales), routing.logits());
  }
}
