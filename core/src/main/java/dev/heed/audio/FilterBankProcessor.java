package dev.heed.audio;

import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Kaldi's filter banks of whole utterances, with mean and variance of each filter taken out,
 * padded.
 *
 * <p>Source: Hugging Face's {@code Speech2TextFeatureExtractor} and {@code
 * SeamlessM4TFeatureExtractor}, which wav2vec2-BERT uses.
 */
final class FilterBankProcessor implements SoundProcessor {
  private static final double SIXTEEN_BITS = 32_768;

  /** How mean and variance are taken out. */
  private record Normalisation(boolean means, boolean variances, int lost, double smallest) {}

  private final int rate;
  private final int filters;
  private final int stride;
  private final double padding;
  private final boolean masked;
  private final Normalisation normalisation;
  private final KaldiFilterBank bank;

  private FilterBankProcessor(
      SoundSettings settings, int stride, boolean masked, Normalisation normalisation) {
    settings.requireUsualPadding();
    this.rate = settings.rate();
    this.filters = settings.size("num_mel_bins", 80, SoundSettings.MOST_FILTERS);
    settings.require("feature_size", filters);
    this.padding = settings.number("padding_value", 0);
    this.stride = stride;
    this.masked = masked;
    this.normalisation = normalisation;
    this.bank = new KaldiFilterBank(rate, filters, KaldiFilterBank.Window.POVEY, SIXTEEN_BITS);
  }

  /** Speech2Text's. */
  static FilterBankProcessor speechToText(SoundSettings settings) {
    boolean normalised = settings.flag("do_ceptral_normalize", true);
    Normalisation normalisation =
        new Normalisation(
            normalised & settings.flag("normalize_means", true),
            normalised & settings.flag("normalize_vars", true),
            0,
            0);
    return new FilterBankProcessor(
        settings, 1, settings.flag("return_attention_mask", true), normalisation);
  }

  /** SeamlessM4T's: frames joined by twos, a rest left out. */
  static FilterBankProcessor seamless(SoundSettings settings) {
    return new FilterBankProcessor(
        settings,
        settings.size("stride", 2, 64),
        settings.flag("return_attention_mask", true),
        new Normalisation(true, true, 1, 1e-7));
  }

  @Override
  public int rate() {
    return rate;
  }

  @Override
  public Tensor melFilters() {
    return bank.weights();
  }

  @Override
  public SoundBatch process(List<Sound> sounds) {
    List<double[][]> features = new ArrayList<>();
    int longest = 0;
    for (float[] samples : Padded.samples(sounds, rate)) {
      double[][] frames = bank.features(samples);
      normalise(frames);
      features.add(frames);
      longest = Math.max(longest, frames.length);
    }
    if (stride > 1) {
      // The reference pads to an even number of frames, whatever the stride, and cuts the rest.
      longest = (longest + 1) / 2 * 2 / stride * stride;
    }
    Tensor tensor = Padded.frames(features, longest, filters, padding);
    int steps = longest / stride;
    int[] lengths =
        features.stream().mapToInt(frames -> Math.min(steps, joined(frames.length))).toArray();
    return new SoundBatch(
        tensor.reshape(sounds.size(), steps, (long) filters * stride),
        Padded.mask(lengths, steps),
        masked);
  }

  /** A step of several frames counts where its second frame does. */
  private int joined(int frames) {
    return stride == 1 ? frames : (frames + stride - 2) / stride;
  }

  private void normalise(double[][] frames) {
    for (int f = 0; f < filters; f++) {
      double mean = 0;
      for (double[] frame : frames) {
        mean += frame[f] / frames.length;
      }
      double squares = 0;
      for (double[] frame : frames) {
        squares += (frame[f] - mean) * (frame[f] - mean);
      }
      double variance = squares / Math.max(1, frames.length - normalisation.lost());
      double deviation = Math.sqrt(variance + normalisation.smallest());
      // The reference divides 0 by 0 where a filter says the same in every frame.
      double divisor = normalisation.variances() && deviation > 0 ? deviation : 1;
      for (double[] frame : frames) {
        frame[f] = (normalisation.means() ? frame[f] - mean : frame[f]) / divisor;
      }
    }
  }
}
