package dev.heed.audio;

import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The Audio Spectrogram Transformer's filter banks: samples in [-1, 1], Hann's window, a fixed
 * number of frames (zeros follow, the rest is cut), {@code (x - mean) / (2·deviation)} of the
 * training data.
 *
 * <p>Source: Hugging Face's {@code ASTFeatureExtractor}; Gong et al., AST: Audio Spectrogram
 * Transformer (2021), section 2.
 */
final class SpectrogramProcessor implements SoundProcessor {
  private final int rate;
  private final int filters;
  private final int length;
  private final boolean normalised;
  private final double mean;
  private final double deviation;
  private final boolean masked;
  private final KaldiFilterBank bank;

  private SpectrogramProcessor(SoundSettings settings) {
    settings.require("feature_size", 1);
    settings.require("padding_value", 0);
    settings.requireUsualPadding();
    this.rate = settings.rate();
    this.filters = settings.size("num_mel_bins", 128, SoundSettings.MOST_FILTERS);
    this.length = settings.size("max_length", 1024, 1 << 16);
    this.normalised = settings.flag("do_normalize", true);
    this.mean = settings.number("mean", -4.2677393);
    this.deviation = settings.number("std", 4.5689974);
    this.masked = settings.flag("return_attention_mask", false);
    this.bank = new KaldiFilterBank(rate, filters, KaldiFilterBank.Window.HANN, 1);
  }

  static SpectrogramProcessor of(SoundSettings settings) {
    return new SpectrogramProcessor(settings);
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
    for (float[] samples : Padded.samples(sounds, rate)) {
      double[][] frames = bank.features(samples);
      for (double[] frame : frames) {
        for (int f = 0; f < filters; f++) {
          frame[f] = normal(frame[f]);
        }
      }
      features.add(frames);
    }
    int[] lengths = features.stream().mapToInt(f -> Math.min(length, f.length)).toArray();
    // The zeros after a sound are normalised as well.
    return new SoundBatch(
        Padded.frames(features, length, filters, normal(0)), Padded.mask(lengths, length), masked);
  }

  private double normal(double value) {
    return normalised ? (value - mean) / (2 * deviation) : value;
  }
}
