package dev.heed.mixer.statespace;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

class MambaReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("selective_scan", MambaReferenceTest::scan),
        ReferenceCase.of("selective_scan_grouped", MambaReferenceTest::scan),
        ReferenceCase.of("selective_scan_fixed_bc", MambaReferenceTest::scan),
        ReferenceCase.of("mamba_block", MambaReferenceTest::block),
        ReferenceCase.of("mamba_model", MambaReferenceTest::model));
  }

  private static Results scan(Recording ref) {
    SelectiveScan.Result result =
        new SelectiveScan(
                ref.param("A"),
                optional(ref, "D"),
                optional(ref, "delta_bias"),
                ref.flag("delta_softplus"))
            .apply(
                ref.input("u"),
                ref.input("delta"),
                ref.hasParam("B") ? ref.param("B") : ref.input("B"),
                ref.hasParam("C") ? ref.param("C") : ref.input("C"),
                ref.hasInput("z") ? ref.input("z") : null,
                null);
    return new Results().output("out", result.output()).output("last_state", result.state());
  }

  private static @Nullable Tensor optional(Recording ref, String param) {
    return ref.hasParam(param) ? ref.param(param) : null;
  }

  private static MambaConfig config(Recording ref) {
    return new MambaConfig(
        ref.integer("d_model"),
        ref.integer("d_state"),
        ref.integer("expand"),
        ref.integer("dt_rank"),
        ref.integer("d_conv"));
  }

  private static Results block(Recording ref) {
    return new Results()
        .output("y", new MambaBlock(ref.weights(), config(ref)).apply(ref.input("x")));
  }

  private static Results model(Recording ref) {
    Mamba mamba =
        new Mamba(ref.weights(), config(ref), ref.integer("vocab"), ref.integer("n_layer"));
    return new Results().output("logits", mamba.apply(ref.input("ids")));
  }
}
