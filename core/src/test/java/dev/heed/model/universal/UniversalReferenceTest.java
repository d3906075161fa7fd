package dev.heed.model.universal;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.model.universal.AdaptiveHalting.Pondering;
import dev.heed.model.universal.UniversalConfig.Variant;
import dev.heed.nn.Trace;
import java.util.List;

class UniversalReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("universal_transformer", UniversalReferenceTest::encoder),
        ReferenceCase.of("universal_transformer_act", UniversalReferenceTest::encoder));
  }

  private static Results encoder(Recording ref) {
    long[] kernel = ref.sizes("param.enc.positionwise_feed_forward.layers.0.conv.weight");
    UniversalConfig config =
        new UniversalConfig(
            ref.sizes("input.x")[2],
            ref.integer("dim"),
            ref.integer("filter"),
            ref.integer("heads"),
            Math.toIntExact(kernel[2]),
            ref.integer("steps"),
            ref.flag("act"),
            Variant.PYTORCH);
    Pondering result =
        new UniversalEncoder(ref.weights(), config).apply(ref.input("x"), Trace.NONE);
    Results results = new Results().output("y", result.output());
    if (config.halting()) {
      results.output("remainders", result.remainders()).extra("n_updates", result.updates());
    }
    return results;
  }
}
