package dev.heed.model.dlinear;

import dev.heed.model.Default;
import dev.heed.model.Only;

/**
 * The sizes of a DLinear, in a config of Heed's own whose keys are called as PatchTST's.
 *
 * @param numInputChannels values of each step
 * @param contextLength steps that are read
 * @param predictionLength steps that are said
 * @param movingAverage steps of the trend's average, odd
 * @param individual whether each value has maps of its own
 */
record DLinearConfig(
    @Default("1") int numInputChannels,
    @Default("336") int contextLength,
    @Default("96") int predictionLength,
    @Default("25") int movingAverage,
    @Default("false") @Only("false") boolean individual) {
  /** Checks the ranges. */
  DLinearConfig {
    if (numInputChannels < 1 || contextLength < 1 || predictionLength < 1) {
      throw new IllegalArgumentException(
          "num_input_channels, context_length, prediction_length: expected 1 or more, got "
              + numInputChannels
              + ", "
              + contextLength
              + ", "
              + predictionLength);
    }
    if (movingAverage < 1 || movingAverage % 2 == 0) {
      throw new IllegalArgumentException(
          "moving_average: expected an odd number of steps, got " + movingAverage);
    }
  }
}
