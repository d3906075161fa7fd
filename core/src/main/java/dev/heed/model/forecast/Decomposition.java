package dev.heed.model.forecast;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Splits series: the trend is a moving average over steps, with the ends held, and the season what
 * is left (Wu et al. 2021, equation 1).
 *
 * @param window steps of the average, odd
 */
public record Decomposition(int window) {
  /**
   * A series in two, which sum to it.
   *
   * @param season {@code [B, T, C]}
   * @param trend {@code [B, T, C]}
   */
  public record Parts(Tensor season, Tensor trend) {}

  /** Splits {@code [B, T, C]}. */
  public Parts split(Tensor x) {
    return TensorScope.run(() -> {
      long side = (window - 1) / 2;
      Tensor first = x.narrow(1, 0, 1).expand(-1, side, -1);
      Tensor last = x.narrow(1, x.size(1) - 1, 1).expand(-1, side, -1);
      Tensor trend = Tensor.cat(List.of(first, x, last), 1).unfold(1, window, 1).mean(-1, false);
      return new Parts(x.sub(trend), trend);
    });
  }

  /** The season alone. */
  public Tensor season(Tensor x) {
    return split(x).season();
  }
}
