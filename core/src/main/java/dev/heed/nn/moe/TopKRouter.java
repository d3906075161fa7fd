package dev.heed.nn.moe;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;

/** Chooses the k experts of the highest logits {@code x · Wᵀ + b}. */
public final class TopKRouter extends Module implements Router {
  private final Linear gate;
  private final int chosen;
  private final Weighting weighting;

  /** What becomes of the chosen experts' logits. */
  public enum Weighting {
    /** Their share of a softmax over all experts (Qwen 2). */
    SHARE,
    /** The same, divided by their sum (Mixtral). */
    SHARE_OF_CHOSEN,
    /** A softmax over the chosen ones (Granite, gpt-oss). */
    SOFTMAX_OF_CHOSEN,
    /** A sigmoid of each (Llama 4). */
    SIGMOID
  }

  /**
   * A router.
   *
   * @param weights the path of the map, for messages and traces
   * @param gate {@code [E, H]}
   * @param chosen k, in {@code [1, E]}
   * @throws IllegalArgumentException if k is out of range
   */
  public TopKRouter(Weights weights, Linear gate, int chosen, Weighting weighting) {
    super(weights);
    if (chosen < 1 || chosen > gate.out()) {
      throw new IllegalArgumentException(
          "router: expected from 1 to " + gate.out() + " chosen experts, got " + chosen);
    }
    this.gate = gate;
    this.chosen = chosen;
    this.weighting = weighting;
  }

  /** Of a share of the softmax, which is or is not divided by the sum of the chosen ones. */
  public static TopKRouter softmax(
      Weights weights, long size, long experts, int chosen, boolean normalised) {
    return new TopKRouter(
        weights,
        Linear.of(weights, size, experts, false),
        chosen,
        normalised ? Weighting.SHARE_OF_CHOSEN : Weighting.SHARE);
  }

  @Override
  public Routing route(Tensor x) {
    Tensor logits = gate.apply(x);
    Tensor wide = Router.wide(logits);
    return switch (weighting) {
      case SHARE, SHARE_OF_CHOSEN -> {
        Tensor.Ranked best = wide.softmax(-1).topk(chosen, -1);
        Tensor weights =
            weighting == Weighting.SHARE
                ? best.values()
                : best.values().div(best.values().sum(-1, true));
        yield new Routing(best.indices(), weights, logits);
      }
      case SOFTMAX_OF_CHOSEN -> {
        Tensor.Ranked best = wide.topk(chosen, -1);
        yield new Routing(best.indices(), best.values().softmax(-1), logits);
      }
      case SIGMOID -> {
        Tensor.Ranked best = wide.topk(chosen, -1);
        yield new Routing(best.indices(), best.values().sigmoid(), logits);
      }
    };
  }
}
