package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.audio.SoundBatch;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class FilterChangeTest {
  private static final int FILTERS = 12;

  /** Two sounds of three steps of two frames, in which filter i hears i + 1. */
  private static SoundBatch batch() {
    float[] values = new float[2 * 3 * 2 * FILTERS];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % FILTERS + 1;
    }
    Tensor mask = Tensor.zeros(Shape.of(2, 3), DType.I64).add(1);
    return new SoundBatch(Tensor.of(values, 2, 3, 2 * FILTERS), mask, true);
  }

  private static float[] changed(double voice, double bands, int seed) {
    return new FilterChange(voice, bands, FILTERS, 8000)
        .apply(batch(), new SplittableRandom(seed))
        .features()
        .toFloatArray();
  }

  @Test
  void one_band_is_silent_in_all_frames_of_a_sound() {
    try (TensorScope scope = TensorScope.open()) {
      boolean any = false;
      for (int seed = 0; seed < 20; seed++) {
        float[] values = changed(0, 0.5, seed);
        for (int i = 0; i < values.length; i++) {
          int sound = i / (6 * FILTERS);
          float first = values[sound * 6 * FILTERS + i % FILTERS];
          assertThat(values[i]).isEqualTo(first).isIn(0f, i % FILTERS + 1f);
          any |= values[i] == 0;
        }
      }
      assertThat(any).isTrue();
    }
  }

  @Test
  void frequencies_move_together_and_stay_in_order() {
    try (TensorScope scope = TensorScope.open()) {
      boolean higher = false;
      boolean lower = false;
      for (int seed = 0; seed < 20; seed++) {
        float[] values = changed(0.2, 0, seed);
        for (int i = 1; i < FILTERS; i++) {
          assertThat(values[i]).isGreaterThanOrEqualTo(values[i - 1]).isBetween(1f, 12f);
        }
        higher |= values[6] > 7.2;
        lower |= values[6] < 6.8;
      }
      assertThat(higher && lower).isTrue();
    }
  }

  @Test
  void nothing_changes_without_bounds() {
    try (TensorScope scope = TensorScope.open()) {
      assertThat(changed(0, 0, 1))
          .containsExactly(batch().features().toFloatArray(), Offset.offset(0f));
      assertThat(changed(1e-9, 0, 1))
          .containsExactly(batch().features().toFloatArray(), Offset.offset(1e-4f));
    }
  }
}
