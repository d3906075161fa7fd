package dev.heed.attention.memory;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Turns scores by distance into scores by key: {@code out[i, j] = x[i, j + Tq - 1 - i]} (Dai et al.
 * 2019, appendix B).
 *
 * <p>One padded column and two reshapes do it without gathering. Entries to the right of the
 * diagonal that ends at the last query and the last key hold leftovers, which a causal mask hides.
 */
public final class RelativeShift {
  private RelativeShift() {}

  /**
   * Shifts.
   *
   * @param x {@code [B, H, Tq, Tk]}, its last dimension ordered from the farthest distance to 0
   * @return the same shape
   */
  public static Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      long queries = x.size(2);
      long keys = x.size(3);
      return x.pad(0, 1, 0) // [B, H, Tq, 1 + Tk]
          .reshape(x.size(0), x.size(1), keys + 1, queries)
          .narrow(2, 1, keys)
          .reshape(x.size(0), x.size(1), queries, keys);
    });
  }
}
