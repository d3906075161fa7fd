package dev.heed.model;

import dev.heed.attention.AttentionRequest;
import dev.heed.tensor.Tensor;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a call's tokens become those that an encoder's layers see, and which of the last states are
 * the call's own.
 */
@FunctionalInterface
public interface EncoderFrame {
  /** As they are, under {@code attention_mask}, at {@code position_ids} if these are given. */
  EncoderFrame PLAIN =
      (run, embedded) -> {
        AttentionRequest request =
            run.request(Masks.present(run.input())).withPositions(run.input().get("position_ids"));
        return layer -> request;
      };

  /**
   * What each layer's attention asks for.
   *
   * @param embedded what the layers begin with, {@code [B, T', H]}
   */
  IntFunction<AttentionRequest> requests(Run run, Tensor embedded);

  /**
   * Which of the layers' tokens are real, truth values {@code [B, T']}, for what mixes them without
   * attention; null for all, unless overridden.
   *
   * @param embedded as for {@link #requests}
   */
  default @Nullable Tensor keep(Run run, Tensor embedded) {
    return null;
  }

  /**
   * The call's own states among the last layer's; all of them unless overridden.
   *
   * @param states {@code [B, T', H]}
   */
  default Tensor own(Run run, Tensor states) {
    return states;
  }

  /**
   * Records what a layer begins with, if the call wants hidden states; all of them unless
   * overridden.
   *
   * @param series for example {@code encoder_hidden_states}
   * @param states {@code [B, T', H]}
   */
  default void record(Run run, String series, Tensor states) {
    run.state(series, states);
  }
}
