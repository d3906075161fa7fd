package dev.heed.model.forecast;

import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model expects: a distribution of each value, on the values' own scale.
 *
 * @param distribution of the scaled values
 * @param parameters one tensor {@code [B, T]} or {@code [B, T, C]} for each
 * @param scale of the values, or null where they were not scaled
 */
public record Outlook(Distribution distribution, List<Tensor> parameters, @Nullable Scale scale) {
  /** Puts the scale of counts into their odds, where it belongs. */
  public static Outlook of(
      Distribution distribution, List<Tensor> parameters, @Nullable Scale scale) {
    if (distribution != Distribution.NEGATIVE_BINOMIAL || scale == null) {
      return new Outlook(distribution, parameters, scale);
    }
    Tensor odds = parameters.get(1).add(scale.scale().log());
    return new Outlook(distribution, List.of(parameters.get(0), odds), null);
  }

  /** {@code log p(x)} of each value. */
  public Tensor logDensity(Tensor x) {
    return TensorScope.run(() -> {
      List<Tensor> wide = parameters.stream().map(Tensor::widened).toList();
      if (scale == null) {
        return distribution.logDensity(wide, x.to(wide.getFirst().dtype()));
      }
      Tensor scaled = scale.scaled(x).to(wide.getFirst().dtype());
      Tensor change = scale.scale().to(wide.getFirst().dtype()).log();
      return distribution.logDensity(wide, scaled).sub(change);
    });
  }

  /**
   * One draw of each value.
   *
   * @param random for as many rows each, in their order
   */
  public Tensor draw(List<Generator> random) {
    return TensorScope.run(() -> {
      List<Tensor> wide = parameters.stream().map(Tensor::widened).toList();
      long rows = wide.getFirst().size(0) / random.size();
      List<Tensor> parts = new ArrayList<>();
      for (int i = 0; i < random.size(); i++) {
        long first = i * rows;
        parts.add(
            distribution.draw(
                wide.stream().map(p -> p.narrow(0, first, rows)).toList(), random.get(i)));
      }
      Tensor drawn = Tensor.cat(parts, 0).to(parameters.getFirst().dtype());
      return scale == null ? drawn : scale.unscaled(drawn);
    });
  }

  /** One draw of each value, all from one source. */
  public Tensor draw(Generator random) {
    return draw(List.of(random));
  }

  /** The last steps only. */
  public Outlook last(long steps) {
    return new Outlook(
        distribution,
        parameters.stream().map(p -> p.narrow(1, p.size(1) - steps, steps)).toList(),
        scale);
  }

  /** The same, each series so many times in a row. */
  public Outlook repeated(long times) {
    return new Outlook(
        distribution,
        parameters.stream().map(p -> p.repeatInterleave(times, 0)).toList(),
        scale == null ? null : scale.repeated(times));
  }
}
