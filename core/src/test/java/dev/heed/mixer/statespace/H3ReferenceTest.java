package dev.heed.mixer.statespace;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import java.util.List;

class H3ReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("h3_layer", H3ReferenceTest::layer),
        ReferenceCase.of("h3_layer_heads", H3ReferenceTest::layer));
  }

  private static Results layer(Recording ref) {
    H3 layer =
        new H3(
            ref.weights(),
            ref.integer("d_model"),
            ref.integer("d_state"),
            ref.integer("head_dim"),
            H3.FeatureOrder.FEATURES_FIRST);
    return new Results()
        .output("y", layer.apply(ref.input("u")))
        .extra("kernel", layer.memoryKernel(ref.integer("length")))
        .extra("shift_kernel", layer.shiftKernel(ref.integer("length")));
  }
}
