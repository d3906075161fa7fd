package dev.heed.model.autoformer;

import dev.heed.model.Default;

/**
 * What an Autoformer's {@code config.json} says besides {@link
 * dev.heed.model.forecast.SeriesConfig}.
 *
 * @param labelLength steps of the context that the decoder starts from
 * @param movingAverage steps that a trend is the mean over, odd
 * @param autocorrelationFactor of {@link dev.heed.attention.sparse.AutoCorrelation}
 */
record AutoformerConfig(
    @Default("10") int labelLength,
    @Default("25") int movingAverage,
    @Default("3") int autocorrelationFactor) {
  /** Checks what makes no model. */
  AutoformerConfig {
    if (labelLength < 1) {
      throw new IllegalArgumentException("label_length: expected at least 1, got " + labelLength);
    }
    if (movingAverage < 1 || movingAverage % 2 == 0) {
      throw new IllegalArgumentException(
          "moving_average: expected an odd number of steps, got " + movingAverage);
    }
  }
}
