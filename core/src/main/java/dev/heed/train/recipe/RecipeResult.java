package dev.heed.train.recipe;

import dev.heed.train.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a recipe led to.
 *
 * @param folder where the model is
 * @param training how the run went
 * @param metric what it was scored by; empty for no scores
 * @param score of the weights that were written; NaN for no scores
 * @param examples that were learned from
 * @param trained how many numbers learned
 * @param parameters how many numbers the model has
 * @param beside other scores of those weights, and of simpler ways, by name
 * @param best after which updates the weights are taken; none for the last ones
 */
public record RecipeResult(
    Path folder,
    TrainingResult training,
    String metric,
    double score,
    int examples,
    long trained,
    long parameters,
    Map<String, Double> beside,
    List<Long> best) {}
