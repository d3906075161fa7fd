package dev.heed.model.forecast;

import dev.heed.model.Run;
import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What stands on the states of patches. */
@FunctionalInterface
public interface PatchHead {
  /** Nothing. */
  PatchHead NONE = (run, states, read) -> {};

  /**
   * What the model read.
   *
   * @param scale of its series
   * @param patches scaled, {@code [B, C, N, P]}
   * @param hidden which of them were hidden, truth values {@code [B, C, N]}; null for none
   */
  record Read(Scale scale, Tensor patches, @Nullable Tensor hidden) {}

  /**
   * Gives what it makes of the states.
   *
   * @param states {@code [B, C, N, D]}
   */
  void apply(Run run, Tensor states, Read read);

  /** What says what follows, or null. */
  default @Nullable TargetMap forecast() {
    return null;
  }

  /**
   * Gives the loss of patches that were hidden: the mean square, over those that were.
   *
   * @param said {@code [B, C, N, P]}
   */
  static void hiddenLoss(Run run, Tensor said, Read read) {
    Tensor square = said.sub(read.patches()).square().mean(-1, false);
    Tensor hidden = Objects.requireNonNull(read.hidden()).to(square.dtype());
    run.put("loss", square.mul(hidden).sum().div(hidden.sum().add(1e-10)));
  }

  /** {@code σ(x) · (high - low) + low}. */
  static Tensor within(Tensor x, List<Double> range) {
    double low = range.getFirst();
    return x.sigmoid().mul(range.getLast() - low).add(low);
  }

  /** Checks an {@code output_range}: the least and the largest number, or null for all. */
  static @Nullable List<Double> range(@Nullable List<Double> given) {
    if (given != null && given.size() != 2) {
      throw new IllegalArgumentException(
          "output_range: expected the least and the largest number, got " + given);
    }
    return given;
  }
}
