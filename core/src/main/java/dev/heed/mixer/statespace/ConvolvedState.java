package dev.heed.mixer.statespace;

import dev.heed.attention.DecodeState;
import dev.heed.tensor.Tensor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens so far leave to the next ones in a mixer of a convolution and a memory behind it:
 * a constant size.
 *
 * @param window the convolution's last inputs, {@code [B, channels, taps]}
 * @param memory {@code [B, ...]}
 */
public record ConvolvedState(Tensor window, Tensor memory) {
  private static final String WINDOW = ".conv_state";
  private static final String MEMORY = ".recurrent_state";

  /**
   * What a call goes on from.
   *
   * @param state of the whole model, or null for a single call
   * @param path of the mixer
   * @param start where there is none yet
   */
  public static ConvolvedState of(
      @Nullable DecodeState state, String path, Supplier<ConvolvedState> start) {
    Tensor window = state == null ? null : state.get(path + WINDOW);
    Tensor memory = state == null ? null : state.get(path + MEMORY);
    return window == null || memory == null ? start.get() : new ConvolvedState(window, memory);
  }

  /** Leaves it to the next call. */
  public void leave(@Nullable DecodeState state, String path) {
    if (state != null) {
      state.replace(path + WINDOW, window);
      state.replace(path + MEMORY, memory);
    }
  }
}
