package dev.heed.mixer.memory;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.position.RelativeShift;
import dev.heed.attention.position.RelativeSinusoids.Distances;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.model.transformerxl.TransformerXl;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The recordings are laid out with time first, and the weights with heads last. */
class TransformerXlReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("transformer_xl_rel_shift", TransformerXlReferenceTest::shift),
        ReferenceCase.of("transformer_xl_attention", TransformerXlReferenceTest::attention),
        ReferenceCase.of("transformer_xl_attention_prenorm", TransformerXlReferenceTest::attention),
        ReferenceCase.of("transformer_xl_lm", TransformerXlReferenceTest::languageModel));
  }

  private static Results shift(Recording ref) {
    Tensor x = ref.input("x").permute(2, 3, 0, 1);
    return new Results().output("y", RelativeShift.apply(x).permute(2, 3, 0, 1));
  }

  private static Results attention(Recording ref) {
    int size = ref.integer("d_model");
    Weights weights = ref.weights();
    TransformerXlAttention attention =
        new TransformerXlAttention(
            weights.child("attn"),
            weights,
            new TransformerXlAttention.Size(
                size, ref.integer("heads"), ref.integer("d_head"), ref.flag("pre_lnorm")));
    Tensor x = ref.input("w").transpose(0, 1);
    Tensor memory = ref.input("mems").transpose(0, 1);
    AttentionOutput read = attention.apply(x, memory);
    long seen = memory.size(1) + x.size(1);
    Tensor rows = Distances.TRANSFORMER_XL.rows(seen, size, ref.dtype());
    return new Results()
        .output("y", read.output().transpose(0, 1))
        .weights("attn", read.requireWeights().permute(2, 3, 0, 1))
        .extra("r", rows.flip(0).narrow(0, 0, seen));
  }

  private static Results languageModel(Recording ref) {
    TransformerXl model =
        new TransformerXl(
            ref.weights(),
            new TransformerXl.Config(
                ref.integer("vocab"),
                ref.integer("n_layer"),
                ref.integer("heads"),
                ref.integer("d_model"),
                ref.integer("d_head"),
                ref.integer("d_inner"),
                ref.integer("mem_len")));
    Tensor tokens = ref.input("tokens").transpose(0, 1);
    List<Tensor> logits = new ArrayList<>();
    List<Tensor> memory = model.noMemory(tokens.size(0));
    int length = ref.integer("tgt_len");
    for (int segment = 0; segment < ref.integer("segments"); segment++) {
      TransformerXl.Segment read =
          model.apply(tokens.narrow(1, (long) segment * length, length), memory);
      logits.add(read.logits());
      memory = read.memory();
    }
    Results results = new Results().output("logits", Tensor.cat(logits, 1).transpose(0, 1));
    for (int i = 0; i < memory.size(); i++) {
      results.extra("mems." + i, memory.get(i).transpose(0, 1));
    }
    return results;
  }
}
