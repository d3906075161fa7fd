package dev.heed.attention.additive;

import static dev.heed.fixture.TensorAssert.assertEqual;
import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.additive.LuongAttention.Locality;
import dev.heed.attention.additive.LuongAttention.Score;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AdditiveAttentionTest {
  private static final long SEED = 7;

  @Test
  void identity_keys_give_the_weights_one_and_e() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor keys = Tensor.eye(2, DType.F64).unsqueeze(0);
      Tensor query = Tensor.of(new double[] {0, 1}, 1, 1, 2);
      Tensor scores = AlignmentScore.dot().over(keys).apply(query);
      Tensor weights = Alignment.softmax(scores, null);
      assertValues(weights, 1 / (1 + Math.E), Math.E / (1 + Math.E));
    }
  }

  @Test
  void a_query_with_nothing_to_look_at_reads_zeros_and_gives_zero_gradients() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        BahdanauAttention attention =
            new BahdanauAttention(Weights.initialise(random, DType.F64), 5, 3, 7)) {
      Tensor query = Tensor.randn(random, Shape.of(2, 1, 5), DType.F64).requiresGrad(true);
      Tensor values = Tensor.randn(random, Shape.of(2, 11, 3), DType.F64);
      Tensor allowed = Alignment.within(Tensor.of(new long[] {0, 11}), 11);
      Alignment alignment = attention.apply(query, values, allowed);
      assertEqual(alignment.context().select(0, 0), Tensor.zeros(Shape.of(1, 3), DType.F64));
      Tensor gradient = Gradients.of(alignment.context().sum(), List.of(query)).getFirst();
      assertEqual(gradient.select(0, 0), Tensor.zeros(Shape.of(1, 5), DType.F64));
      assertThat(gradient.isFinite().all().itemLong()).isEqualTo(1);
    }
  }

  @Test
  void a_local_window_stays_in_the_sentence_and_moves_with_the_target() {
    try (TensorScope scope = TensorScope.open()) {
      LocalAlignment local = LocalAlignment.monotonic(1);
      Tensor lengths = Tensor.of(new long[] {3});
      Tensor query = Tensor.zeros(Shape.of(1, 5, 2), DType.F32);
      Tensor centre = local.centre(query, lengths, 0);
      assertValues(centre, 0, 1, 2, 2, 2);
      assertThat(local.window(centre, lengths, 4).select(1, 0).toBooleanArray())
          .containsExactly(true, true, false, false);
      assertThat(local.window(centre, lengths, 4).select(1, 4).toBooleanArray())
          .containsExactly(false, true, true, false);
    }
  }

  @Test
  void a_window_must_reach_somewhere() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Weights weights = Weights.initialise(random, DType.F32);
      assertThatThrownBy(() ->
              new LuongAttention(
                  weights, new LuongAttention.Config(3, Score.DOT, Locality.LOCAL_M, 0)))
          .hasMessage("reach: expected D of at least 1, got 0");
    }
  }

  @Test
  void changing_later_words_changes_no_earlier_output_of_the_decoder() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        InputFeedingDecoder decoder =
            new InputFeedingDecoder(
                Weights.initialise(random, DType.F32),
                new InputFeedingDecoder.Config(13, 5, 7, 2, CellKind.GRU, Score.CONCAT))) {
      Tensor memory = Tensor.randn(random, 1, 11, 7);
      Tensor h0 = Tensor.randn(random, 2, 1, 7);
      Tensor lengths = Tensor.of(new long[] {11});
      Tensor before = Tensor.of(new long[] {1, 2, 3, 4, 5}, 1, 5);
      Tensor after = Tensor.of(new long[] {1, 2, 3, 9, 8}, 1, 5);
      Tensor first = decoder.apply(before, memory, lengths, h0, h0).outputs();
      Tensor second = decoder.apply(after, memory, lengths, h0, h0).outputs();
      assertEqual(second.narrow(1, 0, 3), first.narrow(1, 0, 3));
      assertThat(second.sub(first).narrow(1, 3, 1).abs().max().item()).isGreaterThan(1e-4);
    }
  }

  @Test
  void words_beyond_a_length_do_not_matter_and_batches_need_no_order() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        BahdanauEncoderDecoder model =
            new BahdanauEncoderDecoder(
                Weights.initialise(random, DType.F64),
                new BahdanauEncoderDecoder.Config(11, 13, 5, 3, 2))) {
      Tensor together = Tensor.of(new long[] {1, 2, 0, 0, 0, 3, 4, 5, 6, 7}, 2, 5);
      Tensor alone = Tensor.of(new long[] {1, 2}, 1, 2);
      Tensor target = Tensor.of(new long[] {2, 4, 6}, 1, 3);
      Tensor both = Tensor.cat(List.of(target, target), 0);
      Tensor batched = model.apply(together, Tensor.of(new long[] {2, 5}), both).logProbabilities();
      Tensor single = model.apply(alone, Tensor.of(new long[] {2}), target).logProbabilities();
      dev.heed.fixture.TensorAssert.assertClose(batched.narrow(0, 0, 1), single);
    }
  }
}
