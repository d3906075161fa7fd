package dev.heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MultiHeadAttentionTest {
  private static final Tolerance TIGHT = new Tolerance(1e-9, 1e-11);

  private TensorScope scope;
  private Generator generator;
  private MultiHeadAttention attention;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
    generator = new Generator(71);
    attention = grouped(generator);
  }

  @AfterEach
  void close() {
    attention.close();
    generator.close();
    scope.close();
  }

  /** Six query heads of size 4 on two key heads, turned by their positions. */
  private static MultiHeadAttention grouped(Generator generator) {
    Weights weights = Weights.initialise(generator, DType.F64).child("layer.0");
    HeadProjections.Separate projections =
        new HeadProjections.Separate(
            Linear.of(weights.child("q"), 17, 24),
            Linear.of(weights.child("k"), 17, 8),
            Linear.of(weights.child("v"), 17, 8),
            Linear.of(weights.child("o"), 24, 17));
    RotaryPositions rotary = new RotaryPositions(PairLayout.HALF_SPLIT, 4, 10_000);
    return new MultiHeadAttention(weights, projections, 6, new ScaledDotProduct(), rotary);
  }

  private Tensor random(long... sizes) {
    return Tensor.randn(generator, Shape.of(sizes), DType.F64);
  }

  @Test
  void decoding_with_a_cache_equals_a_full_pass() {
    Tensor x = random(2, 131, 17);
    AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
    Tensor full = attention.apply(x, causal).output();
    try (DecodeState state = new DecodeState()) {
      List<Tensor> steps = new ArrayList<>();
      long at = 0;
      // 64 and 128 are where the cache grows
      for (long size : new long[] {5, 1, 57, 1, 1, 62, 1, 1, 1, 1}) {
        Tensor step = x.narrow(1, at, size);
        steps.add(attention.apply(step, causal.withState(state)).output());
        at += size;
      }
      assertThat(at).isEqualTo(131);
      assertThat(state.keys(attention.path()).length()).isEqualTo(131);
      TensorAssert.assertClose(Tensor.cat(steps, 1), full, TIGHT);
    }
  }

  @Test
  void a_reordered_and_shortened_cache_continues_other_texts() {
    Tensor x = random(2, 7, 17);
    AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
    Tensor swapped = x.flip(0);
    Tensor full = attention.apply(swapped, causal).output();
    try (DecodeState state = new DecodeState()) {
      attention.apply(x, causal.withState(state));
      state.advance(7);
      state.truncate(5);
      state.reorder(Tensor.of(new long[] {1, 0}, 2));
      Tensor end = attention.apply(swapped.narrow(1, 5, 2), causal.withState(state)).output();
      TensorAssert.assertClose(end, full.narrow(1, 5, 2), TIGHT);
    }
  }

  @Test
  void a_cache_refuses_tokens_of_another_batch() {
    try (DecodeState state = new DecodeState()) {
      AttentionRequest request = AttentionRequest.plain().withState(state);
      attention.apply(random(2, 3, 17), request);
      assertThatThrownBy(() -> attention.apply(random(1, 1, 17), request))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("cache: expected more tokens of f64[2, 2, 64, 4]");
    }
  }

  @Test
  void looking_inside_changes_nothing() {
    Tensor x = random(2, 5, 17);
    Tensor blind = attention.apply(x, AttentionRequest.plain()).output();
    try (Trace trace = Trace.record(point -> true)) {
      AttentionRequest request = AttentionRequest.of(null, trace);
      TensorAssert.assertClose(attention.apply(x, request).output(), blind, TIGHT);
      assertThat(trace.values().keySet())
          .containsExactly(
              "layer.0.q",
              "layer.0.k",
              "layer.0.v",
              "layer.0.keys",
              "layer.0.values",
              "layer.0.scores",
              "layer.0.pattern",
              "layer.0.z");
      assertThat(trace.value("layer.0.q").shape()).isEqualTo(Shape.of(2, 6, 5, 4));
      assertThat(trace.value("layer.0.k").shape()).isEqualTo(Shape.of(2, 2, 5, 4));
      TensorAssert.assertClose(
          trace.value("layer.0.pattern"),
          attention.apply(x, AttentionRequest.plain().withWeights()).requireWeights(),
          TIGHT);
    }
  }

  @Test
  void a_patched_value_replaces_the_computed_one() {
    Tensor x = random(1, 5, 17);
    try (Trace trace =
        Trace.changing().patch("layer.0.z", Tensor.zeros(Shape.of(1, 6, 5, 4), DType.F64))) {
      Tensor output = attention.apply(x, AttentionRequest.of(null, trace)).output();
      Tensor bias = Objects.requireNonNull(attention.parameters().get("layer.0.o.bias"));
      TensorAssert.assertClose(output, bias.expand(1, 5, 17), TIGHT);
    }
  }

  @Test
  void given_positions_count_instead_of_places() {
    Tensor x = random(1, 5, 17);
    Tensor places = Tensor.arange(5, DType.I64);
    Tensor plain = attention.apply(x, AttentionRequest.plain()).output();
    AttentionRequest shifted = AttentionRequest.plain().withPositions(places.add(100));
    // rotary scores depend on distances only
    TensorAssert.assertClose(attention.apply(x, shifted).output(), plain, TIGHT);
    AttentionRequest spread = AttentionRequest.plain().withPositions(places.mul(3));
    assertThat(attention.apply(x, spread).output().sub(plain).abs().max().item())
        .isGreaterThan(1e-6);
  }

  @Test
  void projections_that_heads_do_not_divide_are_refused() {
    try (TensorScope inner = TensorScope.open()) {
      Weights weights = Weights.initialise(generator, DType.F32);
      Linear ten = Linear.of(weights.child("ten"), 3, 10);
      Linear four = Linear.of(weights.child("four"), 3, 4);
      assertThatThrownBy(() ->
              new MultiHeadAttention(
                  weights, new HeadProjections.Separate(ten, four, four, null), 3))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("expected projections that 3 heads divide, got 10");
      ten.close();
      four.close();
    }
  }

  @Test
  void the_seven_steps_are_those_of_multi_head_attention() {
    Weights weights = Weights.initialise(generator, DType.F64);
    HeadProjections.Separate projections = HeadProjections.of(weights, 6);
    try (MultiHeadAttention plain = new MultiHeadAttention(weights, projections, 3)) {
      Tensor x = random(5, 6);
      AttentionMask causal = AttentionMask.causal();
      SelfAttentionSteps steps = SelfAttentionSteps.of(x, projections, 3, causal);
      AttentionOutput whole =
          plain.apply(x.unsqueeze(0), AttentionRequest.of(causal).withWeights());
      TensorAssert.assertClose(steps.output(), whole.output().squeeze(0), TIGHT);
      TensorAssert.assertClose(steps.weights(), whole.requireWeights().squeeze(0), TIGHT);
      TensorAssert.assertClose(steps.scaled().mul(Math.sqrt(2)), steps.scores(), TIGHT);
      List<String> words = List.of("the", "cat", "sat", "on", "it");
      assertThat(steps.describe(words, 1))
          .contains("1. Each word is a vector, X", "4. Scaled by 1/√2", "7. All 3 heads")
          .contains("sat");
      assertThat(steps.describe(words, 1).lines().count()).isEqualTo(9 + 3 + 9 * 5);
      assertThatThrownBy(() -> steps.describe(List.of("one"), 0))
          .hasMessageContaining("expected 5 words, one for each embedding, got 1");
    }
  }

  @Test
  void appended_keys_are_seen_whatever_the_mask_hides() {
    Tensor q = random(1, 2, 3, 5);
    AttentionMechanism mechanism = new AppendedKeys(new ScaledDotProduct(), null, null, true);
    AttentionMask nothing = AttentionMask.full().not();
    AttentionOutput seen = mechanism.apply(q, q, q, AttentionRequest.of(nothing).withWeights());
    assertThat(seen.requireWeights().shape()).isEqualTo(Shape.of(1, 2, 3, 4));
    assertThat(seen.output().abs().max().item()).isZero();
    AttentionMask causal = AttentionMask.causal();
    Tensor weights =
        mechanism.apply(q, q, q, AttentionRequest.of(causal).withWeights()).requireWeights();
    assertThat(weights.select(2, 0).narrow(2, 1, 2).abs().max().item()).isZero();
    assertThat(weights.select(2, 0).select(2, 3).min().item()).isPositive();
  }
}
