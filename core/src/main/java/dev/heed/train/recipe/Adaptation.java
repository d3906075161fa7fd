package dev.heed.train.recipe;

import dev.heed.adapt.LoraConfig;
import dev.heed.adapt.TrainedBiases;
import java.util.List;
import java.util.Map;

/**
 * Which parameters learn, and how fast.
 *
 * @param parts all, or the head alone
 * @param layerDecay each layer's rate as a share of the one above it; 1 for one rate
 * @param lora low-rank updates instead of the model's own maps
 * @param prefix keys and values before those of every layer instead
 * @param prompt vectors before those of the tokens instead
 */
public record Adaptation(Parts parts, double layerDecay, Lora lora, Prefix prefix, Prompt prompt) {
  static final Adaptation DEFAULTS = new Adaptation(Parts.ALL, 1, Lora.NONE);

  /** Without a prefix. */
  public Adaptation(Parts parts, double layerDecay, Lora lora) {
    this(parts, layerDecay, lora, Prefix.NONE, Prompt.NONE);
  }

  /** Checks the ranges, and that no two ways are asked for at once. */
  public Adaptation {
    RecipeKeys.require(
        layerDecay > 0 && layerDecay <= 1, "layer_decay", "above 0, to 1", layerDecay);
    RecipeKeys.require(
        lora.r() == 0 || parts == Parts.ALL && layerDecay == 1,
        "lora",
        "neither parts: head nor layer_decay beside it",
        parts + ", " + layerDecay);
    boolean alone = parts == Parts.ALL && layerDecay == 1 && lora.r() == 0;
    RecipeKeys.require(
        prefix.length() == 0 && prompt.length() == 0
            || alone && (prefix.length() == 0 || prompt.length() == 0),
        "prefix, prompt",
        "one of them, and neither parts: head, layer_decay nor lora beside it",
        parts + ", " + layerDecay + ", rank " + lora.r() + ", " + prefix + ", " + prompt);
  }

  /** Which parameters learn. */
  public enum Parts {
    /** All. */
    ALL,
    /** What stands on the model, and nothing below. */
    HEAD
  }

  /**
   * Trained vectors before the tokens of a frozen model; see {@link dev.heed.adapt.PromptTuning}.
   *
   * @param length virtual tokens; 0 for no prompt
   */
  public record Prompt(int length) {
    /** No prompt. */
    public static final Prompt NONE = new Prompt(0);

    /** Checks the range. */
    public Prompt {
      RecipeKeys.require(length >= 0, "length", "0 or more", length);
    }
  }

  /**
   * A trained prefix of a frozen model; see {@link dev.heed.adapt.PrefixTuning}.
   *
   * @param length virtual tokens; 0 for no prefix
   * @param middle the size between two maps that the prefix comes from in training; 0 for none
   */
  public record Prefix(int length, int middle) {
    /** No prefix. */
    public static final Prefix NONE = new Prefix(0, 0);

    /** Checks the ranges. */
    public Prefix {
      RecipeKeys.require(length >= 0, "length", "0 or more", length);
      RecipeKeys.require(middle >= 0, "middle", "0 or more", middle);
    }
  }

  /**
   * Low-rank updates; see {@link LoraConfig}.
   *
   * @param r rank; 0 for no updates
   * @param alpha α; 0 for twice the rank
   * @param targets patterns of maps' paths
   * @param dora whether the rows' lengths are learned apart
   * @param rankPattern other ranks, by the ends of paths
   * @param bias which biases learn beside them
   */
  public record Lora(
      int r,
      double alpha,
      List<String> targets,
      boolean dora,
      Map<String, Integer> rankPattern,
      TrainedBiases bias) {
    /** No updates. */
    public static final Lora NONE = new Lora(0, 0, List.of(), false, Map.of(), TrainedBiases.NONE);

    /** Checks that there are targets. */
    public Lora {
      RecipeKeys.require(r >= 0, "r", "0 or more", r);
      RecipeKeys.require(
          r == 0 || !targets.isEmpty(), "targets", "patterns such as query, value", "none");
      targets = List.copyOf(targets);
    }

    /** One rank for all maps. */
    public Lora(int r, double alpha, List<String> targets) {
      this(r, alpha, targets, false, Map.of(), TrainedBiases.NONE);
    }

    LoraConfig config() {
      LoraConfig plain =
          new LoraConfig(r, alpha == 0 ? 2.0 * r : alpha, targets.toArray(String[]::new))
              .withPatterns(rankPattern, Map.of());
      return dora ? plain.withDora() : plain;
    }
  }
}
