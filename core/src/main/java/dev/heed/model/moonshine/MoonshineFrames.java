package dev.heed.model.moonshine;

import dev.heed.model.Memory;
import dev.heed.model.Run;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** Three convolutions over samples, with one norm over all channels and times after the first. */
final class MoonshineFrames extends Module {
  private static final double EPSILON = 1e-5;
  private static final long[] KERNELS = {127, 7, 3};
  private static final long[] STRIDES = {64, 3, 2};

  private final Conv1d first;
  private final Tensor gain;
  private final Tensor shift;
  private final Conv1d second;
  private final Conv1d third;

  MoonshineFrames(Weights weights, long size) {
    super(weights);
    first = convolution(weights, 1, 1, size, false);
    Weights norm = weights.child("groupnorm");
    gain = norm.parameter("weight", Initializer.ONES, size);
    shift = norm.parameter("bias", Initializer.ZEROS, size);
    second = convolution(weights, 2, size, 2 * size, true);
    third = convolution(weights, 3, 2 * size, size, true);
  }

  private static Conv1d convolution(Weights weights, int number, long in, long out, boolean bias) {
    return new Conv1d(
        weights.child("conv" + number),
        in,
        out,
        KERNELS[number - 1],
        new Geometry(STRIDES[number - 1], 0, 1, 1),
        bias);
  }

  /** Of {@code input_values} {@code [B, samples]}: {@code [B, frames, H]}. */
  Memory apply(Run run) {
    Tensor samples = run.input().require("input_values");
    long fewest = fewest();
    if (samples.rank() != 2 || samples.size(1) < fewest) {
      throw new ShapeException(
          "input_values: expected [B, "
              + fewest
              + " samples or more], got "
              + samples.describe()
              + "; fill up a shorter sound with zeros");
    }
    Tensor states =
        TensorScope.run(() -> {
          Tensor x = first.apply(samples.unsqueeze(1)).tanh();
          Tensor flat = x.flatten(1, 2).layerNorm(null, null, EPSILON);
          Tensor normed =
              flat.unflatten(1, x.size(1), x.size(2))
                  .mul(gain.unsqueeze(-1))
                  .add(shift.unsqueeze(-1));
          Tensor y = second.apply(normed).gelu(false);
          return third.apply(y).gelu(false).transpose(1, 2);
        });
    return new Memory(states, keep(run, states.size(1)));
  }

  /** The samples that make one frame. */
  private static long fewest() {
    long samples = 1;
    for (int i = KERNELS.length - 1; i >= 0; i--) {
      samples = (samples - 1) * STRIDES[i] + KERNELS[i];
    }
    return samples;
  }

  /** A frame is there if the first of the samples that are its own is. */
  private static @Nullable Tensor keep(Run run, long frames) {
    Tensor there = run.input().truth("attention_mask");
    if (there == null) {
      return null;
    }
    long step = STRIDES[0] * STRIDES[1] * STRIDES[2];
    return TensorScope.run(() ->
        there.gather(
            1,
            Tensor.arange(frames, DType.I64).mul(step).unsqueeze(0).expand(there.size(0), frames)));
  }
}
