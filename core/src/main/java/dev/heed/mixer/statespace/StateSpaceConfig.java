package dev.heed.mixer.statespace;

import java.util.Locale;

/**
 * The sizes of a bank of state spaces.
 *
 * @param channels H, inputs with a system of their own
 * @param state N, size of the state, even: conjugate pairs
 * @param outputs K, kernels a channel
 * @param systems copies of A and B that the channels share; a divisor of {@code channels}
 */
public record StateSpaceConfig(long channels, long state, long outputs, long systems) {
  /** Checks the sizes. */
  public StateSpaceConfig {
    if (channels < 1 || outputs < 1 || state < 2 || state % 2 != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "state space: expected positive channels and outputs and an even state, got %d, %d,"
                  + " %d",
              channels,
              outputs,
              state));
    }
    if (systems < 1 || channels % systems != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "state space: expected a number of systems that divides %d channels, got %d",
              channels,
              systems));
    }
  }

  /** One output a channel and nothing shared. */
  public static StateSpaceConfig of(long channels, long state) {
    return new StateSpaceConfig(channels, state, 1, channels);
  }

  /** How many channels use each system. */
  long copies() {
    return channels / systems;
  }
}
