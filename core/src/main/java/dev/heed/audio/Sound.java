package dev.heed.audio;

/**
 * A sound.
 *
 * @param rate samples a second of each channel
 * @param channels samples in [-1, 1], one array a channel, all of one length; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // samples are looked at in place; no sound is a map's key
public record Sound(int rate, float[][] channels) {
  /** The lowest and highest sampling rates that are taken. */
  static final int LOWEST_RATE = 1000;

  static final int HIGHEST_RATE = 768_000;

  /**
   * Checks rate and lengths.
   *
   * @throws IllegalArgumentException if the rate is not from 1,000 to 768,000, if there is no
   *     channel, or if channels differ in length
   */
  public Sound {
    if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
      throw new IllegalArgumentException(
          "a sound: expected a rate from " + LOWEST_RATE + " to " + HIGHEST_RATE + ", got " + rate);
    }
    if (channels.length == 0) {
      throw new IllegalArgumentException("a sound: expected at least one channel, got none");
    }
    for (float[] channel : channels) {
      if (channel.length != channels[0].length) {
        throw new IllegalArgumentException(
            "a sound: expected channels of one length, got "
                + channels[0].length
                + " and "
                + channel.length);
      }
    }
  }

  /** A sound of one channel. */
  public static Sound mono(int rate, float... samples) {
    return new Sound(rate, new float[][] {samples});
  }

  /** Returns how many samples each channel has. */
  public int length() {
    return channels[0].length;
  }

  /** Returns one channel: the mean of all. */
  public float[] mixed() {
    if (channels.length == 1) {
      return channels[0];
    }
    float[] mixed = new float[length()];
    for (int i = 0; i < mixed.length; i++) {
      double sum = 0;
      for (float[] channel : channels) {
        sum += channel[i];
      }
      mixed[i] = (float) (sum / channels.length);
    }
    return mixed;
  }

  /**
   * Returns one channel at a sampling rate.
   *
   * @param wanted samples a second, from 1,000 to 768,000
   */
  public float[] mixedAt(int wanted) {
    return wanted == rate ? mixed() : Resampler.resample(mixed(), rate, wanted);
  }
}
