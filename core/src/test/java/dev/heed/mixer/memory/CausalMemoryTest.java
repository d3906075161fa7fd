package dev.heed.mixer.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.adapt.PrefixAttention;
import dev.heed.mixer.memory.CompressiveAttention.Memory;
import dev.heed.model.transformerxl.TransformerXl;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Changing the future changes nothing before it. */
@Tag("unit")
class CausalMemoryTest {
  private static final int LENGTH = 7;
  private static final int KEPT = 4;

  private static void checkCausal(Generator random, UnaryOperator<Tensor> mechanism) {
    Tensor x = Tensor.randn(random, Shape.of(2, LENGTH, 6), DType.F64);
    Tensor future = Tensor.randn(random, Shape.of(2, LENGTH - KEPT, 6), DType.F64);
    Tensor changed = Tensor.cat(List.of(x.narrow(1, 0, KEPT), future), 1);
    double[] before = mechanism.apply(x).narrow(1, 0, KEPT).toDoubleArray();
    double[] after = mechanism.apply(changed).narrow(1, 0, KEPT).toDoubleArray();
    assertThat(after).containsExactly(before, within(1e-14));
  }

  @Test
  void transformer_xl_attention() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(21)) {
      Weights weights = Weights.initialise(random, DType.F64);
      try (TransformerXlAttention attention =
          new TransformerXlAttention(
              weights, weights, new TransformerXlAttention.Size(6, 2, 5, true))) {
        Tensor memory = Tensor.randn(random, Shape.of(2, 3, 6), DType.F64);
        checkCausal(random, x -> attention.apply(x, memory).output());
      }
    }
  }

  @Test
  void compressive_attention() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(22);
        CompressiveAttention attention =
            new CompressiveAttention(
                Weights.initialise(random, DType.F64),
                new CompressiveAttention.Size(6, 2, 5, 3, 3))) {
      Memory memory =
          new Memory(
              Tensor.randn(random, Shape.of(2, 5, 6), DType.F64),
              Tensor.randn(random, Shape.of(2, 3, 6), DType.F64));
      Tensor positions = Tensor.randn(random, Shape.of(2, 17, 3), DType.F64);
      checkCausal(random, x -> attention.apply(x, memory, positions).output());
    }
  }

  @Test
  void prefix_attention() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(23)) {
      PrefixAttention prefix =
          new PrefixAttention(
              Tensor.randn(random, Shape.of(2, 1, 3, 6), DType.F64),
              Tensor.randn(random, Shape.of(2, 1, 3, 6), DType.F64));
      checkCausal(
          random,
          x -> {
            Tensor heads = x.unsqueeze(1);
            return prefix.attend(heads, heads, heads, true).output().squeeze(1);
          });
    }
  }

  @Test
  void segments_with_a_long_memory_equal_one_long_segment_in_the_first_layer() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(24);
        TransformerXl model =
            new TransformerXl(
                Weights.initialise(random, DType.F64),
                new TransformerXl.Config(11, 1, 2, 6, 3, 13, 17))) {
      Tensor tokens = Tensor.randint(random, 11, Shape.of(2, 10));
      Tensor whole = model.apply(tokens, model.noMemory(2)).logits();
      TransformerXl.Segment first = model.apply(tokens.narrow(1, 0, 4), model.noMemory(2));
      Tensor second = model.apply(tokens.narrow(1, 4, 6), first.memory()).logits();
      assertThat(Tensor.cat(List.of(first.logits(), second), 1).toDoubleArray())
          .containsExactly(whole.toDoubleArray(), within(1e-12));
    }
  }
}
