package dev.heed.mixer.statespace;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All states of {@code h[t] = a[t] h[t − 1] + b[t]} at once.
 *
 * <p>Two steps are one of the same form, {@code (a₁a₀, a₁b₀ + b₁)}: so neighbours are joined, the
 * half as long sequence is scanned in the same way, and the states between follow by one step each.
 * Work O(L), depth O(log L) (Blelloch 1990, "Prefix Sums and Their Applications", section 1.4).
 */
public final class LinearScan {
  private LinearScan() {}

  /**
   * The states.
   *
   * @param a {@code […, L]}
   * @param b {@code […, L]} of the same shape
   * @param state before the first step, {@code […]}, or null for zeros
   * @return {@code […, L]}
   */
  public static Tensor apply(Tensor a, Tensor b, @Nullable Tensor state) {
    return TensorScope.run(() -> {
      if (state == null) {
        return scan(a, b);
      }
      Tensor first = a.narrow(-1, 0, 1).mul(state.unsqueeze(-1)).add(b.narrow(-1, 0, 1));
      return scan(a, Tensor.cat(List.of(first, b.narrow(-1, 1, b.size(-1) - 1)), -1));
    });
  }

  private static Tensor scan(Tensor a, Tensor b) {
    long length = b.size(-1);
    if (length == 1) {
      return b.alias();
    }
    return TensorScope.run(() -> {
      Tensor evenA = a.slice(-1, 0, length, 2);
      Tensor evenB = b.slice(-1, 0, length, 2);
      Tensor oddA = a.slice(-1, 1, length, 2);
      Tensor oddB = b.slice(-1, 1, length, 2);
      long pairs = length / 2;
      Tensor firstA = evenA.narrow(-1, 0, pairs);
      Tensor firstB = evenB.narrow(-1, 0, pairs);
      Tensor odd = scan(oddA.mul(firstA), oddA.mul(firstB).add(oddB));
      long evens = length - pairs;
      Tensor before = odd.pad(0, 1, evens - 1 - pairs);
      Tensor even = evenA.mul(before).add(evenB);
      Tensor joined = Tensor.stack(List.of(even.narrow(-1, 0, pairs), odd), -1).flatten(-2, -1);
      return evens == pairs ? joined : Tensor.cat(List.of(joined, even.narrow(-1, pairs, 1)), -1);
    });
  }
}
