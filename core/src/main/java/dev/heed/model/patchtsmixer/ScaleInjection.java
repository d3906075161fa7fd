package dev.heed.model.patchtsmixer;

import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/** Tells the states of patches the scale that their series had, for heads on whole series. */
final class ScaleInjection extends Module {
  private static final int EXPANSION = 2;

  private final Linear scaleIn;
  private final Linear scaleOut;
  private final Linear statesIn;
  private final Linear statesOut;

  ScaleInjection(Weights weights, long size) {
    super(weights);
    scaleIn = Linear.of(weights.child("map_scale_expansion"), 2, 2 * EXPANSION);
    scaleOut = Linear.of(weights.child("map_scale_compression"), 2 * EXPANSION, 2);
    statesIn = Linear.of(weights.child("inverse_trans_expansion"), size + 2, EXPANSION * size);
    statesOut = Linear.of(weights.child("inverse_trans_compression"), EXPANSION * size, size);
  }

  /** Maps {@code [B, C, N, D]} to the same shape. */
  Tensor apply(Tensor states, Scale scale) {
    return TensorScope.run(() -> {
      Tensor both =
          Tensor.cat(List.of(scale.loc(), scale.scale()), 1) // [B, 2, C]
              .transpose(1, 2)
              .unsqueeze(2)
              .expand(-1, -1, states.size(2), -1);
      Tensor told = scaleOut.apply(scaleIn.apply(both));
      return statesOut.apply(statesIn.apply(Tensor.cat(List.of(states, told), -1)));
    });
  }
}
