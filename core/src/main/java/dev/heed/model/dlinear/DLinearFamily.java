package dev.heed.model.dlinear;

import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** DLinear with a config of Heed's own: what a model with attention over series must be worth. */
public final class DLinearFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("dlinear");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(
        "DLinearForPrediction",
        (weights, keys) -> new DLinear(weights, keys.read(DLinearConfig.class)));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }
}
