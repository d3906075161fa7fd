package dev.heed.attention.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Initializer;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sums of blocks that all tokens see. */
@Tag("unit")
class TransientGlobalAttentionTest {
  private static final int SIZE = 10;
  private final Generator random = new Generator(83);
  private final Weights weights = Weights.initialise(random, DType.F64);

  private TransientGlobalAttention attention(int radius, int block) {
    Tensor table = weights.parameter("table", Initializer.normal(0.7), 8, 2);
    return new TransientGlobalAttention(
        weights,
        new MultiHeadAttention(weights, HeadProjections.of(weights, SIZE), 2),
        Norm.NONE,
        new TransientGlobalAttention.Sums(radius, block, new RelativeBuckets(true, 8, 16), table));
  }

  @Test
  void what_is_left_over_joins_the_last_whole_block_and_padding_joins_none() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor there =
          Tensor.of(
              new boolean[] {
                true, true, true, true, true, true, true, true, //
                true, true, true, true, true, false, false, false,
                true, true, false, false, false, false, false, false,
              },
              3,
              8);
      assertThat(TransientGlobalAttention.blocks(there, 3, 8, 3).toLongArray())
          .containsExactly(
              0, 0, 0, 1, 1, 1, 1, 1, //
              0, 0, 0, 0, 0, -1, -1, -1, //
              -1, -1, -1, -1, -1, -1, -1, -1);
    }
  }

  @Test
  void the_kernel_gives_what_written_weights_give_with_all_gradients() {
    try (TensorScope scope = TensorScope.open();
        TransientGlobalAttention attention = attention(2, 3)) {
      Tensor x = Tensor.randn(random, Shape.of(3, 11, SIZE), DType.F64).requiresGrad(true);
      Tensor keep =
          Tensor.arange(11, DType.I64).unsqueeze(0).lt(Tensor.of(new long[] {11, 7, 2}, 3, 1));
      AttentionRequest plain = AttentionRequest.of(AttentionMask.padding(keep));
      AttentionOutput written = attention.apply(x, plain.withWeights());
      AttentionOutput read = attention.apply(x, plain);
      TensorAssert.assertClose(read.output(), written.output(), Tolerance.of(DType.F64));
      List<Tensor> inputs = new ArrayList<>(attention.trainable().values());
      inputs.add(x);
      inputs.add(weights.parameter("table", Initializer.ZEROS, 8, 2));
      List<Tensor> expected = Gradients.of(written.output().square().sum(), inputs);
      List<Tensor> actual = Gradients.of(read.output().square().sum(), inputs);
      for (int i = 0; i < inputs.size(); i++) {
        TensorAssert.assertClose(actual.get(i), expected.get(i), Tolerance.of(DType.F64));
      }
      Tensor total =
          written
              .requireWeights()
              .sum(-1, false)
              .add(Objects.requireNonNull(written.global()).sum(-1, false));
      Tensor shown = keep.unsqueeze(1).to(DType.F64);
      TensorAssert.assertClose(total.mul(shown), shown.expand(3, 2, 11), Tolerance.of(DType.F64));
    }
  }

  @Test
  void a_wide_window_over_less_than_a_block_is_plain_attention() {
    try (TensorScope scope = TensorScope.open();
        TransientGlobalAttention attention = attention(5, 7)) {
      Tensor x = Tensor.randn(random, Shape.of(2, 5, SIZE), DType.F64);
      MultiHeadAttention plain =
          new MultiHeadAttention(weights, HeadProjections.of(weights, SIZE), 2);
      TensorAssert.assertClose(
          attention.apply(x, AttentionRequest.plain()).output(),
          plain.apply(x, AttentionRequest.plain()).output(),
          Tolerance.of(DType.F64));
    }
  }

  @Test
  void a_causal_mask_is_refused_since_sums_look_ahead() {
    try (TensorScope scope = TensorScope.open();
        TransientGlobalAttention attention = attention(2, 3)) {
      Tensor x = Tensor.randn(random, Shape.of(1, 5, SIZE), DType.F64);
      assertThatThrownBy(() -> attention.apply(x, AttentionRequest.of(AttentionMask.causal())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected no mask but padding");
    }
  }
}
