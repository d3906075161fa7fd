package dev.heed.model.forecast;

import dev.heed.model.block.TransformerStack;
import dev.heed.nn.Weights;

/**
 * The encoder or the decoder of a forecaster with lags.
 *
 * @param embedding what makes vectors of steps
 * @param stack the layers
 */
public record SeriesHalf(StepEmbedding embedding, TransformerStack stack) {
  /** Below one path. */
  public static SeriesHalf of(Weights weights, SeriesConfig config, TransformerStack stack) {
    return new SeriesHalf(StepEmbedding.of(weights, config), stack);
  }

  /** The same around other layers. */
  public SeriesHalf with(TransformerStack other) {
    return new SeriesHalf(embedding, other);
  }
}
