package dev.heed.mixer.statespace;

import dev.heed.tensor.Tensor;

/** Linear state spaces, one a channel, as a convolution kernel or as a recurrence. */
public interface StateSpaceKernel {
  /**
   * The response to an impulse: {@code K[l] = C Āˡ B̄}.
   *
   * @param length how many taps, from 1
   * @return real {@code [K, H, length]}, for K outputs of each of H channels
   */
  Tensor kernel(long length);

  /** The same systems for one token at a time. */
  LinearRecurrence recurrence();
}
