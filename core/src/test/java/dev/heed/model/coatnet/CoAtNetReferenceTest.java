package dev.heed.model.coatnet;

import dev.heed.attention.position.Grid;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.nn.Trace;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

class CoAtNetReferenceTest extends MechanismReference {
  private static final String TABLE = "relative_bias_table";

  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("coatnet_relative_attention", CoAtNetReferenceTest::attention),
        ReferenceCase.of("coatnet_transformer_block", CoAtNetReferenceTest::transformer),
        ReferenceCase.of("coatnet_transformer_block_plain", CoAtNetReferenceTest::transformer),
        ReferenceCase.of("coatnet_mbconv", CoAtNetReferenceTest::mbConv),
        ReferenceCase.of("coatnet_mbconv_training", CoAtNetReferenceTest::mbConv),
        ReferenceCase.of("coatnet_mbconv_plain", CoAtNetReferenceTest::mbConv),
        ReferenceCase.of("coatnet_mbconv_no_expansion", CoAtNetReferenceTest::mbConv),
        ReferenceCase.of("coatnet_model", CoAtNetReferenceTest::model));
  }

  private static Grid grid(Recording ref) {
    return new Grid(ref.integer("height"), ref.integer("width"));
  }

  private static Results attention(Recording ref) {
    RelativeAttention attention =
        new RelativeAttention(
            ref.weights(),
            ref.integer("inp"),
            ref.integer("oup"),
            grid(ref),
            ref.integer("heads"),
            ref.integer("dim_head"));
    try (Trace trace = Trace.record("pattern"::equals)) {
      return new Results()
          .output("y", attention.apply(ref.input("x"), trace))
          .weights("attn", trace.value("pattern").alias());
    }
  }

  private static Results transformer(Recording ref) {
    RelativeTransformerBlock block =
        new RelativeTransformerBlock(
            ref.weights(),
            ref.integer("inp"),
            ref.integer("oup"),
            grid(ref),
            ref.flag("downsample"),
            ref.integer("heads"),
            ref.integer("dim_head"));
    return new Results().output("y", block.apply(ref.input("x"), Trace.NONE));
  }

  private static Results mbConv(Recording ref) {
    MbConv block =
        new MbConv(
            ref.weights(),
            ref.integer("inp"),
            ref.integer("oup"),
            ref.flag("downsample"),
            ref.integer("expansion"));
    if (!ref.flag("training")) {
      return new Results().output("y", block.apply(ref.input("x"), Trace.NONE));
    }
    try (Generator generator = new Generator(1);
        Trace trace = Trace.training(generator, point -> point.contains(".running_"))) {
      Results results = new Results().output("y", block.apply(ref.input("x"), trace));
      trace.values().forEach((point, value) -> results.extra("after." + point, value.alias()));
      return results;
    }
  }

  private static Results model(Recording ref) {
    long[] table = ref.sizes("param.s4.0.attn.1.fn." + TABLE);
    int heads = Math.toIntExact(table[1]);
    long joint = ref.sizes("param.s4.0.attn.1.fn.to_qkv.weight")[0];
    CoAtNetConfig config =
        new CoAtNetConfig(
            ref.integer("image"),
            ref.integer("in_channels"),
            integers(ref, "num_blocks"),
            integers(ref, "channels"),
            CoAtNetConfig.CCTT,
            heads,
            Math.toIntExact(joint / 3 / heads),
            ref.integer("classes"));
    Tensor logits = new CoAtNet(ref.weights(), config).apply(ref.input("x"), Trace.NONE);
    return new Results().output("logits", logits);
  }

  private static List<Integer> integers(Recording ref, String setting) {
    List<Integer> numbers = new ArrayList<>();
    ref.json(setting).forEach(number -> numbers.add(number.asInt()));
    return numbers;
  }
}
