package dev.heed.nn.moe;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Chooses groups of experts first, then the k best experts of those groups (DeepSeek-AI 2024,
 * DeepSeek-V2, section 2.2; DeepSeek-V3, section 2.1.2).
 *
 * <p>Parameters: {@code weight [E, H]} and, where choices are balanced, {@code
 * e_score_correction_bias [E]}, which counts for the choice and not for the weights.
 */
public final class GroupedRouter extends Module implements Router {
  private final Tensor weight;
  private final @Nullable Tensor correction;
  private final Config config;

  /**
   * How a token's affinity to an expert follows from its logit, and a group's from its experts'.
   */
  public enum Affinity {
    /** A softmax over all experts; a group is as good as its best expert (DeepSeek-V2). */
    SOFTMAX,
    /** A sigmoid of each, balanced by a bias; a group is its two best together (DeepSeek-V3). */
    BALANCED_SIGMOID
  }

  /**
   * The choices.
   *
   * @param experts E, a multiple of {@code groups}
   * @param chosen k
   * @param groups into which experts are cut, in order
   * @param chosenGroups how many of them are looked at
   * @param affinity of tokens to experts
   * @param normalised whether weights are divided by their sum
   * @param scale of the weights
   */
  public record Config(
      int experts,
      int chosen,
      int groups,
      int chosenGroups,
      Affinity affinity,
      boolean normalised,
      double scale) {
    /** Checks the choices. */
    public Config {
      if (groups < 1 || experts < groups || experts % groups != 0) {
        throw new IllegalArgumentException(
            "router: expected a number of groups that divides the "
                + experts
                + " experts, got "
                + groups);
      }
      if (chosenGroups < 1 || chosenGroups > groups) {
        throw new IllegalArgumentException(
            "router: expected from 1 to " + groups + " chosen groups, got " + chosenGroups);
      }
      if (chosen < 1 || chosen > experts / groups * chosenGroups) {
        throw new IllegalArgumentException(
            "router: expected from 1 to "
                + experts / groups * chosenGroups
                + " chosen experts, got "
                + chosen);
      }
    }
  }

  /** A router of vectors of a size. */
  public GroupedRouter(Weights weights, long size, Config config) {
    super(weights);
    this.weight = weights.parameter("weight", Initializer.normal(0.02), config.experts(), size);
    this.correction =
        config.affinity() == Affinity.BALANCED_SIGMOID
            ? weights.buffer("e_score_correction_bias", Initializer.ZEROS, config.experts())
            : null;
    this.config = config;
  }

  @Override
  public Routing route(Tensor x) {
    Tensor logits = Router.wide(x).linear(Router.wide(weight), null);
    Tensor affinity = correction == null ? logits.softmax(-1) : logits.sigmoid();
    Tensor worth = correction == null ? affinity : affinity.add(correction.to(affinity.dtype()));
    Tensor experts = withinBestGroups(worth).topk(config.chosen(), -1).indices();
    Tensor weights = affinity.gather(-1, experts);
    if (config.normalised()) {
      weights = weights.div(weights.sum(-1, true).add(1e-20));
    }
    return new Routing(experts, weights.mul(config.scale()), logits);
  }

  /** The experts' worth, zero outside the best groups. */
  private Tensor withinBestGroups(Tensor worth) {
    if (config.groups() == config.chosenGroups()) {
      return worth;
    }
    Tensor grouped = worth.unflatten(-1, config.groups(), config.experts() / config.groups());
    Tensor groups =
        correction == null
            ? grouped.amax(-1, false)
            : grouped.topk(Math.min(2, grouped.size(-1)), -1).values().sum(-1, false);
    Tensor best = groups.topk(config.chosenGroups(), -1).indices();
    Tensor open =
        Tensor.zeros(groups.shape(), DType.I64)
            .scatter(-1, best, Tensor.ones(best.shape(), DType.I64))
            .ne(0);
    return grouped.maskedFill(open.not().unsqueeze(-1), 0).flatten(-2, -1);
  }
}
