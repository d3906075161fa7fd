package dev.heed.model.forecast;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.model.block.TransformerStack;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;

/**
 * The encoder or the decoder of a forecaster with lags: what makes vectors of steps, and layers.
 *
 * @param values from what a step reads to its vector
 * @param positions fixed, {@code [context + prediction, H]}
 * @param norm of the sum of both
 * @param dropout of that while training
 * @param stack the layers
 */
public record SeriesHalf(
    Linear values, Tensor positions, LayerNorm norm, Dropout dropout, TransformerStack stack) {
  private static final double EPSILON = 1e-5;

  /**
   * With the names {@code value_embedding}, {@code embed_positions}, {@code layernorm_embedding}.
   */
  public static SeriesHalf of(Weights weights, SeriesConfig config, TransformerStack stack) {
    long size = config.dModel();
    long steps = config.context() + (long) config.predictionLength();
    Initializer sines =
        (shape, type, random) -> SinusoidalPositions.MARIAN.table(0, steps, size, type);
    return new SeriesHalf(
        Linear.of(weights.child("value_embedding.value_projection"), config.width(), size, false),
        weights.child("embed_positions").buffer("weight", sines, steps, size),
        new LayerNorm(weights.child("layernorm_embedding"), size, EPSILON),
        new Dropout(config.dropout()),
        stack);
  }

  /** The same around other layers. */
  public SeriesHalf with(TransformerStack other) {
    return new SeriesHalf(values, positions, norm, dropout, other);
  }

  /**
   * The vectors of steps.
   *
   * @param steps {@code [B, T, width]}
   * @param first the place of the first
   * @return {@code [B, T, H]}
   */
  public Tensor embed(Tensor steps, long first, Trace trace) {
    Tensor places = positions.narrow(0, first, steps.size(1));
    return dropout.apply(norm.apply(values.apply(steps).add(places)), trace);
  }
}
