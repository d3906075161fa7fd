package dev.heed.model.forecast;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;

/**
 * The vectors of steps: {@code norm(values · W + position)}.
 *
 * @param values from what a step reads to its vector
 * @param positions fixed, {@code [context + prediction, H]}
 * @param norm of the sum of both
 * @param dropout of that while training
 */
public record StepEmbedding(Linear values, Tensor positions, LayerNorm norm, Dropout dropout) {
  private static final double EPSILON = 1e-5;

  /**
   * With the names {@code value_embedding}, {@code embed_positions}, {@code layernorm_embedding}.
   */
  public static StepEmbedding of(Weights weights, SeriesConfig config) {
    long size = config.dModel();
    long steps = config.context() + (long) config.predictionLength();
    Initializer sines =
        (shape, type, random) -> SinusoidalPositions.MARIAN.table(0, steps, size, type);
    return new StepEmbedding(
        Linear.of(weights.child("value_embedding.value_projection"), config.width(), size, false),
        weights.child("embed_positions").buffer("weight", sines, steps, size),
        new LayerNorm(weights.child("layernorm_embedding"), size, EPSILON),
        new Dropout(config.dropout()));
  }

  /**
   * The vectors of steps.
   *
   * @param steps {@code [B, T, width]}
   * @param first the place of the first
   * @return {@code [B, T, H]}
   */
  public Tensor apply(Tensor steps, long first, Trace trace) {
    Tensor places = positions.narrow(0, first, steps.size(1));
    return dropout.apply(norm.apply(values.apply(steps).add(places)), trace);
  }
}
