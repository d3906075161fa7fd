package dev.heed.mixer.linear;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linformer and memory-compressed attention. */
@Tag("unit")
class LowRankAttentionTest {
  private static final long SEED = 17;

  /** One head of size 2, all maps the identity. */
  @Test
  void with_the_identity_as_projection_linformer_is_exact_attention() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor two = Tensor.eye(2, DType.F64);
      Tensor five = Tensor.eye(5, DType.F64);
      Map<String, Tensor> parameters =
          Map.of(
              "to_q.weight", two,
              "to_k.weight", two,
              "to_v.weight", two,
              "to_out.weight", two,
              "to_out.bias", Tensor.zeros(Shape.of(2), DType.F64),
              "proj_k", five,
              "proj_v", five);
      Weights weights = Weights.from(WeightSource.of(parameters));
      try (Linformer layer =
          new Linformer(weights, new Linformer.Config(2, 5, 5, 1, false, false))) {
        Tensor x = Tensor.randn(random, Shape.of(3, 5, 2), DType.F64);
        Tensor exact = x.matmul(x.transpose(1, 2)).div(Math.sqrt(2)).softmax(-1).matmul(x);
        assertClose(layer.apply(x).output(), exact);
      }
    }
  }

  @Test
  void linformer_takes_shorter_sequences_and_refuses_longer_ones() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        Linformer layer =
            new Linformer(
                Weights.initialise(random, DType.F32),
                new Linformer.Config(15, 11, 4, 3, true, false))) {
      Linformer.Mixed mixed = layer.apply(Tensor.randn(random, 2, 7, 15));
      assertThat(mixed.output().shape()).isEqualTo(Shape.of(2, 7, 15));
      assertThat(mixed.weights().shape()).isEqualTo(Shape.of(2, 3, 7, 4));
      Tensor tooLong = Tensor.randn(random, 2, 13, 15);
      assertThatThrownBy(() -> layer.apply(tooLong))
          .hasMessageContaining("expected at most 11 tokens, got 13");
    }
  }

  @Test
  void heads_must_divide_the_size() {
    try (Generator random = new Generator(SEED)) {
      assertThatThrownBy(() ->
              new Linformer(
                  Weights.initialise(random, DType.F32),
                  new Linformer.Config(15, 11, 4, 4, true, false)))
          .hasMessage("heads: expected a number that divides the size 15, got 4");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 10, 12})
  void a_compressed_block_is_seen_from_its_last_token_on(long tokens) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        MemoryCompressedAttention layer = causal(random)) {
      Tensor weights = layer.apply(Tensor.randn(random, 1, tokens, 10)).weights();
      long filled = Math.ceilDiv(tokens, 3) * 3 - tokens;
      for (int query = 0; query < tokens; query++) {
        long seen = 1 + (query + 1 + filled) / 3;
        Tensor row = weights.select(0, 0).select(0, 0).select(0, query);
        assertThat(row.gt(0).to(DType.I64).sum().itemLong()).isEqualTo(seen);
      }
    }
  }

  @Test
  void changing_the_future_changes_nothing_before_it() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        MemoryCompressedAttention layer = causal(random)) {
      Tensor x = Tensor.randn(random, 2, 13, 10);
      Tensor changed = Tensor.cat(List.of(x.narrow(1, 0, 8), Tensor.randn(random, 2, 5, 10)), 1);
      Tensor before = layer.apply(x).output();
      Tensor after = layer.apply(changed).output();
      assertEqual(after.narrow(1, 0, 8), before.narrow(1, 0, 8));
      assertThat(after.sub(before).narrow(1, 8, 5).abs().max().item()).isGreaterThan(1e-4);
    }
  }

  private static MemoryCompressedAttention causal(Generator random) {
    return new MemoryCompressedAttention(
        Weights.initialise(random, DType.F32),
        new MemoryCompressedAttention.Config(10, 2, 3, true));
  }
}
