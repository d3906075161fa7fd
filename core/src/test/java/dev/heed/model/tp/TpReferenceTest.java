package dev.heed.model.tp;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerLayer;
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
    Tensor query = ref.input("query");
    Tensor memory = ref.input("memory");
    AttentionRequest seen = seen(ref, query.size(1), memory.size(1)).withWeights();
    AttentionOutput read = attention.cross(query, memory, seen);
    return new Results().output("y", read.output()).weights("attn", read.requireWeights());
  }

  /** What the recorded mask allows, which may be the same for all queries. */
  private static AttentionRequest seen(Recording ref, long queries, long keys) {
    Tensor mask = ref.input("mask");
    while (mask.rank() < 4) {
      mask = mask.unsqueeze(0);
    }
    return AttentionRequest.of(
        AttentionMask.dense(mask.expand(mask.size(0), mask.size(1), queries, keys)));
  }

  private static Results encoderLayer(Recording ref) {
    TransformerLayer layer =
        TpLayer.encoder(
            ref.weights(), ref.integer("dim"), ref.integer("heads"), ref.integer("filter"));
    Tensor x = ref.input("x");
    LayerCall call = new LayerCall(seen(ref, x.size(1), x.size(1)));
    return new Results().output("y", layer.apply(x, call));
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
