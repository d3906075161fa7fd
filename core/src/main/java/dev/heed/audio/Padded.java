package dev.heed.audio;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Sounds of one batch brought to one length. */
final class Padded {
  private Padded() {}

  /** The samples of each sound, mixed and at one rate. */
  static List<float[]> samples(List<Sound> sounds, int rate) {
    if (sounds.isEmpty()) {
      throw new IllegalArgumentException("sounds: expected at least one, got none");
    }
    return sounds.stream().map(sound -> sound.mixedAt(rate)).toList();
  }

  /** {@code i64[B, T]}: 1 up to each length. */
  static Tensor mask(int[] lengths, int longest) {
    Tensor mask = Tensor.zeros(Shape.of(lengths.length, longest), DType.I64);
    MemorySegment values = mask.segment();
    for (int i = 0; i < lengths.length; i++) {
      for (int t = 0; t < lengths[i]; t++) {
        values.setAtIndex(ValueLayout.JAVA_LONG, (long) i * longest + t, 1);
      }
    }
    return mask;
  }

  /** {@code f32[B, T, F]}: frames, then a value to one length; longer ones are cut. */
  static Tensor frames(List<double[][]> sounds, int longest, int features, double padding) {
    Tensor tensor = Tensor.full(Shape.of(sounds.size(), longest, features), padding, DType.F32);
    MemorySegment values = tensor.segment();
    for (int i = 0; i < sounds.size(); i++) {
      double[][] frames = sounds.get(i);
      for (int t = 0; t < Math.min(longest, frames.length); t++) {
        for (int f = 0; f < features; f++) {
          long at = ((long) i * longest + t) * features + f;
          values.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) frames[t][f]);
        }
      }
    }
    return tensor;
  }
}
