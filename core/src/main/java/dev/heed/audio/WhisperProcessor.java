package dev.heed.audio;

import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whisper's log-mel spectrogram: sounds padded or cut to one length; frames around every hop,
 * mirrored at the ends, under Hann's window; power in Slaney's filters; {@code (max(log₁₀ x,
 * largest - 8) + 4) / 4}.
 *
 * <p>Source: Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision (2022),
 * section 2.2; Hugging Face's {@code WhisperFeatureExtractor}.
 */
final class WhisperProcessor implements SoundProcessor {
  private static final double FLOOR = 1e-10;
  private static final double RANGE = 8;

  /** The filters end here whatever the rate is. */
  private static final double HIGHEST = 8000;

  private final int rate;
  private final int frame;
  private final int hop;
  private final int length;
  private final float padding;
  private final boolean masked;
  private final int mels;
  private final double[] window;
  private final Fourier fourier;
  private final MelFilters filters;

  private WhisperProcessor(
      int rate, int frame, int hop, int length, int mels, float padding, boolean masked) {
    this.rate = rate;
    this.frame = frame;
    this.hop = hop;
    this.length = length;
    this.mels = mels;
    this.padding = padding;
    this.masked = masked;
    this.window = new double[frame];
    for (int i = 0; i < frame; i++) {
      window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / frame);
    }
    this.fourier = new Fourier(frame);
    this.filters = MelFilters.slaney(frame / 2 + 1, mels, rate, HIGHEST);
  }

  static WhisperProcessor of(SoundSettings settings) {
    settings.requireUsualPadding();
    int rate = settings.rate();
    int seconds = settings.size("chunk_length", 30, 3600);
    int hop = settings.size("hop_length", 160, 1 << 14);
    int frame = settings.size("n_fft", 400, 1 << 14);
    int length = settings.product("chunk_length × sampling_rate", seconds, rate);
    int mels = settings.size("feature_size", 80, SoundSettings.MOST_FILTERS);
    settings.product("frames × feature_size", length / hop, mels);
    settings.require("n_samples", length);
    settings.require("nb_max_frames", length / hop);
    return new WhisperProcessor(
        rate,
        frame,
        hop,
        length,
        mels,
        (float) settings.number("padding_value", 0),
        settings.flag("return_attention_mask", false));
  }

  @Override
  public int rate() {
    return rate;
  }

  @Override
  public Tensor melFilters() {
    return filters.tensor();
  }

  @Override
  public SoundBatch process(List<Sound> sounds) {
    int frames = length / hop;
    List<double[][]> features = new ArrayList<>();
    int[] lengths = new int[sounds.size()];
    for (float[] samples : Padded.samples(sounds, rate)) {
      // The mask of samples, taken at every hop.
      lengths[features.size()] =
          Math.min(frames, (Math.min(samples.length, length) + hop - 1) / hop);
      features.add(logMel(samples, frames));
    }
    Tensor tensor = Padded.frames(features, frames, mels, 0).transpose(1, 2).contiguous();
    return new SoundBatch(tensor, Padded.mask(lengths, frames), masked);
  }

  private double[][] logMel(float[] samples, int frames) {
    float[] padded = Arrays.copyOf(samples, length);
    if (samples.length < length) {
      Arrays.fill(padded, samples.length, length, padding);
    }
    double[][] mel = new double[frames][];
    double largest = Double.NEGATIVE_INFINITY;
    double[] buffer = new double[frame];
    for (int t = 0; t < frames; t++) {
      for (int i = 0; i < frame; i++) {
        buffer[i] = window[i] * padded[mirrored(t * hop + i - frame / 2)];
      }
      mel[t] = filters.apply(fourier.power(buffer));
      for (int f = 0; f < mels; f++) {
        mel[t][f] = Math.log10(Math.max(FLOOR, mel[t][f]));
        largest = Math.max(largest, mel[t][f]);
      }
    }
    for (double[] one : mel) {
      for (int f = 0; f < mels; f++) {
        one[f] = (Math.max(one[f], largest - RANGE) + 4) / 4;
      }
    }
    return mel;
  }

  /** A place before the beginning or after the end, mirrored there. */
  private int mirrored(int at) {
    int place = Math.abs(at);
    return place < length ? place : 2 * (length - 1) - place;
  }
}
