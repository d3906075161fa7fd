package dev.heed.adapt;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

class LoraReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("lora_linear", LoraReferenceTest::linear),
        ReferenceCase.of("lora_linear_fan_in_fan_out", LoraReferenceTest::linear),
        ReferenceCase.of("lora_merged_linear", LoraReferenceTest::mergedLinear),
        ReferenceCase.of("lora_embedding", LoraReferenceTest::embedding),
        ReferenceCase.of("lora_conv2d", LoraReferenceTest::conv2d));
  }

  private static Results linear(Recording ref) {
    LoraLinear lora =
        new LoraLinear(
            ref.weights(),
            ref.integer("in_features"),
            ref.integer("out_features"),
            ref.integer("r"),
            ref.number("lora_alpha"),
            ref.flag("fan_in_fan_out"));
    Tensor x = ref.input("x");
    Tensor merged = lora.mergedWeight();
    return new Results()
        .output("y", lora.apply(x))
        .extra("weight_merged", merged)
        .extra("y_merged", lora.apply(x, merged));
  }

  private static Results mergedLinear(Recording ref) {
    List<Boolean> enabled = new ArrayList<>();
    ref.json("enable_lora").forEach(flag -> enabled.add(flag.asBoolean()));
    LoraMergedLinear lora =
        new LoraMergedLinear(
            ref.weights(),
            ref.integer("in_features"),
            ref.integer("out_features"),
            ref.integer("r"),
            ref.number("lora_alpha"),
            enabled);
    Tensor x = ref.input("x");
    Tensor merged = lora.mergedWeight();
    return new Results()
        .output("y", lora.apply(x))
        .extra("weight_merged", merged)
        .extra("y_merged", lora.apply(x, merged));
  }

  private static Results embedding(Recording ref) {
    LoraEmbedding lora =
        new LoraEmbedding(
            ref.weights(),
            ref.integer("num_embeddings"),
            ref.integer("dim"),
            ref.integer("r"),
            ref.number("lora_alpha"));
    Tensor x = ref.input("x");
    Tensor merged = lora.mergedWeight();
    return new Results()
        .output("y", lora.apply(x))
        .extra("weight_merged", merged)
        .extra("y_merged", merged.embedding(x, -1));
  }

  private static Results conv2d(Recording ref) {
    LoraConv2d lora =
        new LoraConv2d(
            ref.weights(),
            ref.integer("in_channels"),
            ref.integer("out_channels"),
            ref.integer("kernel"),
            ref.integer("r"),
            ref.number("lora_alpha"),
            Geometry.PLAIN);
    Tensor x = ref.input("x");
    Tensor merged = lora.mergedWeight();
    return new Results()
        .output("y", lora.apply(x))
        .extra("weight_merged", merged)
        .extra("y_merged", lora.apply(x, merged));
  }
}
