package dev.heed.attention.sparse;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

class LongformerReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return Stream.of("sliding", "padding", "global", "dilated", "dilated_global", "no_overlap")
        .map(kind -> ReferenceCase.of("longformer_" + kind, LongformerReferenceTest::attention))
        .toList();
  }

  private static Results attention(Recording ref) {
    int width = ref.integer("window");
    boolean blocks = ref.text("mode").equals("sliding_chunks_no_overlap");
    LongformerAttention attention =
        new LongformerAttention(
            ref.weights(),
            ref.integer("dim"),
            ref.integer("heads"),
            length ->
                blocks
                    ? LocalColumns.blocks(length, width, true)
                    : LocalColumns.sliding(length, width, ref.integer("dilation")));
    LongformerAttention.Result result =
        attention.apply(ref.input("x"), ref.input("attention_mask"));
    Results results =
        new Results().output("y", result.output()).weights("local", result.local().transpose(1, 2));
    Tensor global = result.global();
    return global == null ? results : results.weights("global", global);
  }
}
