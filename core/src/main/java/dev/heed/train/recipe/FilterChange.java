package dev.heed.train.recipe;

import dev.heed.audio.KaldiScale;
import dev.heed.audio.SoundBatch;
import dev.heed.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * Changes what mel filters hear, frame by frame alike: as if the speaker's vocal tract were shorter
 * or longer, and without one band of filters.
 *
 * @param voice share by which frequencies move at most
 * @param bands share of the filters that hear nothing at most
 * @param filters how many there are; several frames may stand side by side in one
 * @param rate samples a second
 */
record FilterChange(double voice, double bands, int filters, int rate) {
  /** Changes features {@code [B, frames, stride · filters]}, whose mean is 0. */
  SoundBatch apply(SoundBatch batch, SplittableRandom random) {
    if (voice == 0 && bands == 0) {
      return batch;
    }
    Tensor features = batch.features();
    float[] values = features.contiguous().toFloatArray();
    int each = values.length / Math.toIntExact(features.size(0));
    float[] heard = new float[filters];
    for (int sound = 0; sound < features.size(0); sound++) {
      double[] places = places(1 + voice * random.nextDouble(-1, 1));
      int width = random.nextInt((int) (bands * filters) + 1);
      int from = random.nextInt(filters - width + 1);
      for (int frame = sound * each; frame < (sound + 1) * each; frame += filters) {
        for (int i = 0; i < filters; i++) {
          int below = Math.min((int) places[i], filters - 2);
          float low = values[frame + below];
          float high = values[frame + below + 1];
          boolean hidden = i >= from && i < from + width;
          heard[i] = hidden ? 0 : (float) (low + (high - low) * (places[i] - below));
        }
        System.arraycopy(heard, 0, values, frame, filters);
      }
    }
    long[] sizes = {features.size(0), features.size(1), features.size(2)};
    return new SoundBatch(
        Tensor.of(values, sizes).to(features.dtype()), batch.mask(), batch.masked());
  }

  /** Of each filter the place, among filters, of what it hears once frequencies are multiplied. */
  private double[] places(double factor) {
    double lowest = KaldiScale.mel(KaldiScale.LOWEST);
    double step = KaldiScale.step(filters, rate);
    double[] places = new double[filters];
    for (int i = 0; i < filters; i++) {
      double mel = KaldiScale.mel(factor * KaldiScale.hertz(lowest + (i + 1) * step));
      places[i] = Math.clamp((mel - lowest) / step - 1, 0, filters - 1.0);
    }
    return places;
  }
}
