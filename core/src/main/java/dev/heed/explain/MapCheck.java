package dev.heed.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a map from a word to the words of its text is to be believed, measured.
 *
 * @param method how the map was come by
 * @param outcome what changes are measured on
 * @param marks what the map gives each unit
 * @param agreement Kendall's τ_b between the marks and gradient × attention, over all units that
 *     can have a mark: of a head its own, of what goes through all layers {@link
 *     GradientRelevance}; null for that itself, and where too few units or no difference leave none
 * @param removal what taking the most marked units away changes; null if there are too few
 * @param uniform how far the outcome moves if the head, or every head, looks at all it can see
 *     alike
 * @param alternative other weights for the same outcome; null for maps that are no weights
 */
public record MapCheck(
    MapMethod method,
    Outcome.Kind outcome,
    double[] marks,
    @Nullable Double agreement,
    @Nullable Removal removal,
    double uniform,
    @Nullable Alternative alternative) {

  /**
   * What taking units away changes: the mask token stands for them, or they are cut out where a
   * model has none (DeYoung et al., ERASER, 2020, section 4).
   *
   * @param units the most marked
   * @param change of the outcome without them
   * @param random mean change without as many that were drawn at random
   * @param sets how often was drawn
   * @param weaker how many of these changed less
   * @param masked whether the mask token stood for them
   */
  public record Removal(
      List<Integer> units, double change, double random, int sets, int weaker, boolean masked) {}

  /**
   * Whether other weights of the word in this head would have done as well (Jain and Wallace,
   * Attention is not Explanation, 2019, section 4.2).
   *
   * @param shuffles how often the weights were shuffled
   * @param alike how many of these moved the outcome by at most the limit
   * @param limit {@value MapChecker#ALIKE}
   * @param weights of those the farthest from what was there; null if every one moved it more
   * @param change of the outcome with them
   * @param divergence from what was there, Jensen and Shannon's, from 0 to ln 2
   */
  public record Alternative(
      int shuffles,
      int alike,
      double limit,
      float @Nullable [] weights,
      double change,
      double divergence) {}
}
