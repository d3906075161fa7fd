package dev.heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.RotaryScaling;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class LatentAttentionTest {
  private static final Tolerance CLOSE = new Tolerance(1e-9, 1e-11);
  private static final int HEADS = 3;
  private static final int LATENT = 7;
  private static final int TURNED = 4;

  private static LatentAttention attention(@Nullable Integer queries, RotaryScaling scaling) {
    return new LatentAttention(
        Weights.initialise(new Generator(5), DType.F64).child("self_attn"),
        new LatentAttention.Sizes(11, HEADS, 2, TURNED, 5, LATENT, queries),
        true,
        HeadChange.rotaryOfNeighbours(
            new RotaryPositions(PairLayout.HALF_SPLIT, TURNED, 100, scaling)),
        new ScaledDotProduct(0.3));
  }

  private static Tensor text(int time) {
    return Tensor.randn(new Generator(9), Shape.of(2, time, 11), DType.F64);
  }

  @ParameterizedTest
  @CsvSource({"0, false", "6, false", "6, true"})
  void a_step_among_latents_gives_what_the_whole_text_gives(int queries, boolean stretched) {
    RotaryScaling scaling = stretched ? new RotaryScaling.DynamicNtk(3, 4) : RotaryScaling.NONE;
    try (TensorScope scope = TensorScope.open();
        LatentAttention attention = attention(queries == 0 ? null : queries, scaling);
        DecodeState state = new DecodeState()) {
      Tensor x = text(6);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
      AttentionOutput whole = attention.apply(x, causal.withWeights());
      AttentionRequest going = causal.withState(state);
      attention.apply(x.narrow(1, 0, 5), going);
      AttentionOutput step = attention.apply(x.narrow(1, 5, 1), going.withWeights());
      TensorAssert.assertClose(step.output(), whole.output().narrow(1, 5, 1), CLOSE);
      TensorAssert.assertClose(
          step.requireWeights(), whole.requireWeights().narrow(2, 5, 1), CLOSE);
    }
  }

  @Test
  void what_is_remembered_is_a_latent_and_one_rotary_key_a_token() {
    try (TensorScope scope = TensorScope.open();
        LatentAttention attention = attention(null, RotaryScaling.NONE);
        DecodeState state = new DecodeState()) {
      attention.apply(text(6), AttentionRequest.of(AttentionMask.causal()).withState(state));
      GrowingKeys kept = state.keys("self_attn");
      assertThat(kept.entry().keys().shape()).isEqualTo(Shape.of(2, 1, 6, TURNED));
      assertThat(kept.entry().values().shape()).isEqualTo(Shape.of(2, 1, 6, LATENT));
      assertThat(kept.read().keys().shape()).isEqualTo(Shape.of(2, HEADS, 6, 2 + TURNED));
      assertThat(kept.read().values().shape()).isEqualTo(Shape.of(2, HEADS, 6, 5));
    }
  }

  @Test
  void sizes_that_cannot_be_are_refused() {
    assertThatThrownBy(() -> new LatentAttention.Sizes(11, 3, 2, 3, 5, 7, null))
        .hasMessageContaining("even number of turned elements");
  }
}
