package dev.heed.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ResamplerTest {
  private static float[] tone(int count, double frequency, int rate) {
    float[] samples = new float[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (float) Math.sin(2 * Math.PI * frequency * i / rate);
    }
    return samples;
  }

  /** A tone below both limits is the same tone; away from the ends, where it is cut off. */
  @ParameterizedTest
  @CsvSource({
    "44100, 16000, 1000", "44100, 16000, 7000", "8000, 16000, 3000", "16000, 8000, 3500",
    "22050, 16000, 440", "48000, 16000, 6900", "16000, 16001, 5000", "11025, 16000, 4700"
  })
  void a_tone_stays_itself(int in, int out, double frequency) {
    float[] resampled = Resampler.resample(tone(in / 4, frequency, in), in, out);
    float[] expected = tone(resampled.length, frequency, out);
    assertThat(resampled.length).isEqualTo((int) Math.ceil(in / 4 * (double) out / in));
    int border = 80 + 80 * out / in;
    for (int i = border; i < resampled.length - border; i++) {
      assertThat((double) resampled[i]).as("sample %d", i).isCloseTo(expected[i], within(2e-5));
    }
  }

  /** What the lower rate cannot hold is gone, not folded back. */
  @ParameterizedTest
  @CsvSource({"44100, 16000, 8500", "48000, 16000, 12000", "16000, 8000, 4200"})
  void a_tone_above_the_limit_vanishes(int in, int out, double frequency) {
    float[] resampled = Resampler.resample(tone(in / 4, frequency, in), in, out);
    for (int i = 80; i < resampled.length - 80; i++) {
      assertThat((double) resampled[i]).as("sample %d", i).isCloseTo(0, within(2e-5));
    }
  }

  @Test
  void an_impulse_keeps_its_place() {
    float[] impulse = new float[400];
    impulse[200] = 1;
    float[] twice = Resampler.resample(impulse, 8000, 16_000);
    assertThat(twice).hasSize(800);
    for (int i = 0; i < 800; i++) {
      assertThat(Math.abs(twice[i])).isLessThanOrEqualTo(twice[400]);
    }
    assertThat(Resampler.resample(new float[0], 8000, 16_000)).isEmpty();
  }

  @Test
  void companding_is_telephony_s() {
    assertThat(Companding.muLaw((byte) 0xff)).isEqualTo(0f);
    assertThat(Companding.muLaw((byte) 0x80)).isEqualTo(32_124 / 32_768f);
    assertThat(Companding.aLaw((byte) 0xd5)).isEqualTo(8 / 32_768f);
    assertThat(Companding.aLaw((byte) 0x2a)).isEqualTo(-32_256 / 32_768f);
  }

  @Test
  void a_sound_has_a_rate_and_channels_of_one_length() {
    assertThatThrownBy(() -> Sound.mono(999, 1))
        .hasMessageContaining("from 1000 to 768000, got 999");
    assertThatThrownBy(() -> new Sound(8000, new float[0][])).hasMessageContaining("got none");
    assertThatThrownBy(() -> new Sound(8000, new float[][] {{1}, {1, 2}}))
        .hasMessageContaining("got 1 and 2");
  }

  private static org.assertj.core.data.Offset<Double> within(double by) {
    return org.assertj.core.data.Offset.offset(by);
  }
}
