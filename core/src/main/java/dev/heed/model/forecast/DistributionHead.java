package dev.heed.model.forecast;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A map to each parameter of a distribution, {@code proj.0} and on. */
public final class DistributionHead extends Module {
  private final Distribution distribution;
  private final List<Linear> maps = new ArrayList<>();

  /**
   * A head.
   *
   * @param in size of what it reads
   * @param values how many values it says the distributions of
   */
  public DistributionHead(Weights weights, Distribution distribution, long in, long values) {
    super(weights);
    this.distribution = distribution;
    for (int i = 0; i < distribution.count(); i++) {
      maps.add(Linear.of(weights.child("proj", i), in, values));
    }
  }

  /** Which distribution. */
  public Distribution distribution() {
    return distribution;
  }

  /** The parameters {@code [..., values]} of what {@code [..., in]} says. */
  public List<Tensor> apply(Tensor x) {
    return distribution.domain(maps.stream().map(map -> map.apply(x)).toList());
  }
}
