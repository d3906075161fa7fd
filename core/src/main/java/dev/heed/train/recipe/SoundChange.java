package dev.heed.train.recipe;

import dev.heed.audio.SoundBatch;
import dev.heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sounds one after another with pauses between, each at a speed of its own, with noise over all.
 *
 * @param bounds how far
 * @param rate samples a second
 */
record SoundChange(Augmentation bounds, int rate) {
  /** Seconds of a pause between two sounds. */
  private static final double SHORTEST = 0.05;

  private static final double LONGEST = 0.4;

  int joined() {
    return bounds.joined();
  }

  /** Makes one sound of several. */
  float[] apply(List<float[]> parts, SplittableRandom random) {
    float[] whole = new float[0];
    for (float[] part : parts) {
      int pause = 0;
      if (whole.length > 0) {
        pause = (int) (rate * random.nextDouble(SHORTEST, LONGEST));
      }
      float[] heard = faster(part, 1 + bounds.speed() * random.nextDouble(-1, 1));
      float[] longer = new float[whole.length + pause + heard.length];
      System.arraycopy(whole, 0, longer, 0, whole.length);
      System.arraycopy(heard, 0, longer, whole.length + pause, heard.length);
      whole = longer;
    }
    return noisy(whole, bounds.noise() * random.nextDouble(), random);
  }

  /** Puts zeros, which are the mean, into a stretch of each sound's frames. */
  SoundBatch hidden(SoundBatch batch, SplittableRandom random) {
    if (bounds.hidden() == 0) {
      return batch;
    }
    Tensor features = batch.features();
    int frames = Math.toIntExact(features.size(1));
    long[] counts = batch.mask().sum(1, false).toLongArray();
    float[] kept = new float[counts.length * frames];
    Arrays.fill(kept, 1);
    for (int row = 0; row < counts.length; row++) {
      int width = random.nextInt((int) (bounds.hidden() * counts[row]) + 1);
      int from = random.nextInt((int) counts[row] - width + 1);
      Arrays.fill(kept, row * frames + from, row * frames + from + width, 0);
    }
    Tensor keep = Tensor.of(kept, counts.length, frames);
    Tensor shown = features.mul(features.rank() == 3 ? keep.unsqueeze(-1) : keep);
    return new SoundBatch(shown, batch.mask(), batch.masked());
  }

  /** By lines between samples: pitch rises with the speed. */
  private static float[] faster(float[] samples, double speed) {
    if (speed == 1 || samples.length < 2) {
      return samples;
    }
    float[] heard = new float[Math.max(1, (int) (samples.length / speed))];
    for (int i = 0; i < heard.length; i++) {
      double at = Math.min(i * speed, samples.length - 1);
      int left = Math.min((int) at, samples.length - 2);
      heard[i] = (float) (samples[left] + (samples[left + 1] - samples[left]) * (at - left));
    }
    return heard;
  }

  private static float[] noisy(float[] samples, double share, SplittableRandom random) {
    if (share == 0) {
      return samples;
    }
    double squares = 0;
    for (float sample : samples) {
      squares += (double) sample * sample;
    }
    double deviation = share * Math.sqrt(squares / Math.max(1, samples.length));
    float[] noisy = new float[samples.length];
    for (int i = 0; i < samples.length; i++) {
      noisy[i] = (float) (samples[i] + deviation * random.nextGaussian());
    }
    return noisy;
  }
}
