package dev.heed.model.whisper;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.model.Memory;
import dev.heed.model.Run;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Dropout;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Two convolutions over a spectrogram, the second with stride 2, and positions that start as sines.
 */
final class WhisperFrames extends Module {
  private static final int KERNEL = 3;

  private final Conv1d first;
  private final Conv1d second;
  private final Tensor positions;
  private final Dropout dropout;

  WhisperFrames(Weights weights, WhisperConfig config) {
    super(weights);
    long size = config.dModel();
    long longest = config.maxSourcePositions();
    first =
        new Conv1d(
            weights.child("conv1"),
            config.numMelBins(),
            size,
            KERNEL,
            new Geometry(1, 1, 1, 1),
            true);
    second = new Conv1d(weights.child("conv2"), size, size, KERNEL, new Geometry(2, 1, 1, 1), true);
    positions =
        weights
            .child("embed_positions")
            .parameter(
                "weight",
                (shape, type, random) ->
                    SinusoidalPositions.TENSOR2TENSOR.table(0, longest, size, type),
                longest,
                size);
    dropout = new Dropout(config.dropout());
  }

  /** Of {@code input_features} {@code [B, mel bands, frames]}: {@code [B, frames / 2, H]}. */
  Memory apply(Run run) {
    Tensor frames = run.input().require("input_features");
    long expected = 2 * positions.size(0);
    if (frames.rank() != 3 || frames.size(2) != expected) {
      throw new ShapeException(
          "input_features: expected [B, mel bands, "
              + expected
              + "], got "
              + frames.describe()
              + "; fill up or cut the sound to the model's window");
    }
    Tensor states =
        TensorScope.run(() -> {
          Tensor x = second.apply(first.apply(frames).gelu(false)).gelu(false);
          return dropout.apply(x.transpose(1, 2).add(positions), run.trace());
        });
    // What sound is there only matters to the augmentation of training data.
    run.input().get("attention_mask");
    return new Memory(states, null);
  }
}
