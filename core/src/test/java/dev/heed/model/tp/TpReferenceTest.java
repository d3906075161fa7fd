package dev.heed.model.tp;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.model.tp.TpConfig.TargetPadding;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import java.util.List;

class TpReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("tp_attention", TpReferenceTest::attention),
        ReferenceCase.of("tp_encoder_layer", TpReferenceTest::encoderLayer),
        ReferenceCase.of("tp_transformer", TpReferenceTest::transformer));
  }

  private static Results attention(Recording ref) {
    TpAttention attention =
        new TpAttention(ref.weights(), ref.integer("dim"), ref.integer("heads"));
    try (Trace trace = Trace.record("pattern"::equals)) {
      Tensor y = attention.apply(ref.input("query"), ref.input("memory"), ref.input("mask"), trace);
      return new Results().output("y", y).weights("attn", trace.value("pattern").alias());
    }
  }

  private static Results encoderLayer(Recording ref) {
    TpEncoderLayer layer =
        new TpEncoderLayer(
            ref.weights(), ref.integer("dim"), ref.integer("heads"), ref.integer("filter"));
    return new Results().output("y", layer.apply(ref.input("x"), ref.input("mask"), Trace.NONE));
  }

  private static Results transformer(Recording ref) {
    TpConfig config =
        new TpConfig(
            ref.integer("vocab"),
            ref.integer("dim"),
            ref.integer("heads"),
            ref.integer("filter"),
            ref.integer("layers"),
            ref.integer("pad_idx"),
            TargetPadding.QUERIES);
    TpTransformer model = new TpTransformer(ref.weights(), config);
    return new Results()
        .output("logits", model.apply(ref.input("src"), ref.input("trg"), Trace.NONE));
  }
}
