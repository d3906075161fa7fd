package dev.heed.model.rwkv;

import dev.heed.attention.DecodeState;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each token beside the one before it, of which a share is mixed in (Peng et al. 2023, section
 * 3.1.1).
 *
 * @param present {@code [B, T, H]}
 * @param before the same one token later, zeros before the first
 */
record TokenShift(Tensor present, Tensor before) {
  /**
   * Goes on from the last token that a state holds, and leaves there the last of these.
   *
   * @param state null for a single call
   * @param name of the token in the state
   */
  static TokenShift of(Tensor x, @Nullable DecodeState state, String name) {
    Tensor last = state == null ? null : state.get(name);
    Tensor first = last == null ? x.narrow(1, 0, 1).mul(0) : last.unsqueeze(1);
    TokenShift shift =
        new TokenShift(x, Tensor.cat(List.of(first, x.narrow(1, 0, x.size(1) - 1)), 1));
    if (state != null) {
      state.replace(name, x.select(1, x.size(1) - 1).copy());
    }
    return shift;
  }

  /** {@code μ x[t] + (1 − μ) x[t − 1]}. */
  Tensor mixed(Tensor share) {
    return TensorScope.run(() -> present.mul(share).add(before.mul(share.neg().add(1))));
  }
}
