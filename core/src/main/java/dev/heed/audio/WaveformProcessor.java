package dev.heed.audio;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Samples themselves, padded, and normalised where the config says so: {@code (x - mean) /
 * √(variance + 10⁻⁷)}. The extractor of wav2vec 2.0, HuBERT, WavLM, SEW and Moonshine.
 *
 * <p>Where the config asks for no mask, mean and variance run over the padding as well, which is
 * then normalised too: the models without a mask were trained so.
 *
 * <p>Source: Hugging Face's {@code Wav2Vec2FeatureExtractor}.
 *
 * @param rate samples a second
 * @param padding what follows a shorter sound
 * @param normalised whether mean and variance are taken out
 * @param masked whether the model is given a mask
 */
record WaveformProcessor(int rate, float padding, boolean normalised, boolean masked)
    implements SoundProcessor {
  private static final double SMALLEST = 1e-7;

  static WaveformProcessor of(SoundSettings settings) {
    settings.require("feature_size", 1);
    settings.requireUsualPadding();
    return new WaveformProcessor(
        settings.rate(),
        (float) settings.number("padding_value", 0),
        settings.flag("do_normalize", true),
        settings.flag("return_attention_mask", false));
  }

  @Override
  public SoundBatch process(List<Sound> sounds) {
    List<float[]> samples = Padded.samples(sounds, rate);
    int longest = samples.stream().mapToInt(s -> s.length).max().orElseThrow();
    Tensor features = Tensor.full(Shape.of(sounds.size(), longest), padding, DType.F32);
    for (int i = 0; i < samples.size(); i++) {
      float[] sound = samples.get(i);
      float[] row = java.util.Arrays.copyOf(sound, longest);
      java.util.Arrays.fill(row, sound.length, longest, padding);
      int counted = masked ? sound.length : longest;
      if (normalised && counted > 0) {
        normalise(row, counted);
      }
      MemorySegment.copy(
          row,
          0,
          features.segment(),
          ValueLayout.JAVA_FLOAT,
          (long) i * longest * Float.BYTES,
          longest);
    }
    int[] lengths = samples.stream().mapToInt(s -> s.length).toArray();
    return new SoundBatch(features, Padded.mask(lengths, longest), masked);
  }

  private static void normalise(float[] row, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += row[i];
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += (row[i] - mean) * (row[i] - mean);
    }
    double deviation = Math.sqrt(squares / count + SMALLEST);
    for (int i = 0; i < count; i++) {
      row[i] = (float) ((row[i] - mean) / deviation);
    }
  }
}
