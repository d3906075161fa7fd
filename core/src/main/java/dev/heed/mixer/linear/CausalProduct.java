package dev.heed.mixer.linear;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * {@code y_i = Σ_{j ≤ i} (a_i · b_j) v_j} in O(T) time and memory.
 *
 * <p>The sequence is cut into chunks: within one, a masked product; before it, the running sum of
 * {@code Σ b vᵀ} over whole chunks. A chunk as long as there are features balances the two.
 */
final class CausalProduct {
  private static final long SHORTEST_CHUNK = 32;
  private static final long LONGEST_CHUNK = 256;

  private CausalProduct() {}

  /**
   * Computes the sums.
   *
   * @param a {@code [B, H, T, m]}
   * @param b {@code [B, H, T, m]}
   * @param v {@code [B, H, T, Dv]}
   * @return {@code [B, H, T, Dv]}
   */
  static Tensor of(Tensor a, Tensor b, Tensor v) {
    return TensorScope.run(() -> {
      long steps = a.size(2);
      long chunk = Math.clamp(a.size(3), SHORTEST_CHUNK, LONGEST_CHUNK);
      long chunks = Math.ceilDiv(steps, chunk);
      Tensor left = cut(a, chunks, chunk);
      Tensor right = cut(b, chunks, chunk);
      Tensor values = cut(v, chunks, chunk);
      Tensor inside = left.matmul(right.transpose(-1, -2)).tril(0).matmul(values);
      Tensor sums = right.transpose(-1, -2).matmul(values);
      Tensor all = inside.add(left.matmul(before(sums)));
      return all.flatten(2, 3).narrow(2, 0, steps);
    });
  }

  private static Tensor cut(Tensor x, long chunks, long chunk) {
    return x.pad(0, 0, 0, 0, chunks * chunk - x.size(2)).unflatten(2, chunks, chunk);
  }

  /** The sum of all chunks before each. */
  private static Tensor before(Tensor sums) {
    Tensor none = sums.narrow(2, 0, 1).mul(0);
    Tensor running = sums.narrow(2, 0, sums.size(2) - 1).cumsum(2);
    return Tensor.cat(List.of(none, running), 2);
  }
}
