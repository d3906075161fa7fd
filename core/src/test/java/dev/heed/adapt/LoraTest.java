package dev.heed.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.nn.Linear;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class LoraTest {
  private static Tensor parameter(LoraLinear lora, String name) {
    return Objects.requireNonNull(lora.parameters().get(name));
  }

  @Test
  void starts_as_the_frozen_map_and_only_the_thin_matrices_learn() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(11);
        LoraLinear lora =
            new LoraLinear(Weights.initialise(random, DType.F64), 7, 5, 2, 4, false)) {
      Tensor x = Tensor.randn(random, Shape.of(3, 7), DType.F64);
      Tensor frozen = lora.apply(x, parameter(lora, "weight"));
      assertThat(lora.apply(x).toDoubleArray()).containsExactly(frozen.toDoubleArray());
      assertThat(lora.trainable().keySet()).containsExactlyInAnyOrder("bias", "lora_A", "lora_B");
    }
  }

  @Test
  void a_few_steps_fit_a_change_of_rank_two() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(12);
        LoraLinear lora =
            new LoraLinear(Weights.initialise(random, DType.F64), 7, 5, 2, 4, false)) {
      Tensor x = Tensor.randn(random, Shape.of(31, 7), DType.F64);
      Tensor change =
          Tensor.randn(random, Shape.of(5, 2), DType.F64)
              .matmul(Tensor.randn(random, Shape.of(2, 7), DType.F64));
      Tensor wanted = lora.apply(x, parameter(lora, "weight").add(change)).detach();
      double loss = Double.NaN;
      for (int step = 0; step < 400; step++) {
        try (TensorScope inner = TensorScope.open()) {
          List<Tensor> learned = List.copyOf(lora.trainable().values());
          Tensor error = lora.apply(x).sub(wanted).square().mean();
          List<Tensor> gradients = Gradients.of(error, learned);
          Gradients.disabled(() -> {
            for (int i = 0; i < learned.size(); i++) {
              learned.get(i).addInPlace(gradients.get(i), -0.05);
            }
            return null;
          });
          loss = error.item();
        }
      }
      assertThat(loss).isLessThan(1e-3);
    }
  }

  @Test
  void unmerging_gives_the_weight_back() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(13);
        LoraLinear lora = new LoraLinear(Weights.initialise(random, DType.F64), 5, 3, 2, 4, true)) {
      Gradients.disabled(() -> parameter(lora, "lora_B").fill(0.5));
      Tensor merged = lora.mergedWeight();
      double[] weight = parameter(lora, "weight").toDoubleArray();
      assertThat(merged.toDoubleArray()).isNotEqualTo(weight);
      assertThat(lora.unmerge(merged).toDoubleArray()).containsExactly(weight, within(1e-14));
    }
  }

  @Test
  void a_rank_of_nothing_is_refused() {
    try (Generator random = new Generator(14)) {
      assertThatThrownBy(
              () -> new LoraLinear(Weights.initialise(random, DType.F64), 5, 3, 0, 4, false))
          .hasMessage("LoRA rank: expected at least 1, got 0");
    }
  }

  /** peft keeps adapters in f32 beside models in half precision. */
  @Test
  void an_update_in_f32_serves_a_map_in_half_precision() {
    for (DType half : List.of(DType.BF16, DType.F16)) {
      try (TensorScope scope = TensorScope.open();
          Generator random = new Generator(17);
          Linear wide = Linear.of(Weights.initialise(random, DType.F32), 7, 5);
          Linear narrow =
              Linear.of(
                  Weights.from(
                      WeightSource.of(
                          Map.of(
                              "weight", wide.weight().detach().to(half),
                              "bias", Objects.requireNonNull(wide.bias()).detach().to(half)))),
                  7,
                  5)) {
        Tensor a = Tensor.randn(random, Shape.of(2, 7), DType.F32);
        Tensor b = Tensor.randn(random, Shape.of(5, 2), DType.F32);
        Tensor x = Tensor.randn(random, Shape.of(3, 7), DType.F32);
        LoraConfig config = new LoraConfig(2, 4, "*");
        WeightSource source =
            WeightSource.of(Map.of("lora_A.weight", a.copy(), "lora_B.weight", b.copy()));
        AdaptedLinear adapted = new AdaptedLinear(narrow, Weights.from(source), config, "map");
        adapted.attach();
        Tensor expected =
            wide.apply(x).add(x.matmul(a.transpose(0, 1)).matmul(b.transpose(0, 1)).mul(2));
        double bound = 0.02 * expected.abs().max().item();
        Tensor apart = narrow.apply(x.to(half));
        assertThat(apart.dtype()).isEqualTo(half);
        assertThat(apart.to(DType.F32).sub(expected).abs().max().item()).isLessThan(bound);
        assertThat(narrow.effectiveWeight().dtype()).isEqualTo(half);
        adapted.merge();
        Tensor merged = narrow.apply(x.to(half));
        assertThat(merged.dtype()).isEqualTo(half);
        assertThat(merged.to(DType.F32).sub(expected).abs().max().item()).isLessThan(bound);
        adapted.unmerge();
        adapted.detach();
        adapted.parameters().forEach(Tensor::close);
      }
    }
  }
}
