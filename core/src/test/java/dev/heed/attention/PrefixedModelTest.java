package dev.heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.adapt.PrefixAttention;
import dev.heed.adapt.PrefixTuning;
import dev.heed.adapt.PrefixTuning.Layout;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.fixture.Overfit;
import dev.heed.fixture.RecordedModels;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefixes before the keys and values of models that were built without knowing of them. */
@Tag("unit")
class PrefixedModelTest {
  private static final Tolerance CLOSE = new Tolerance(1e-11, 1e-12);
  private static final int PREFIX = 3;

  private final Generator random = new Generator(23);

  private MultiHeadAttention attention() {
    Weights weights = Weights.initialise(random, DType.F64).child("layer");
    return new MultiHeadAttention(weights, HeadProjections.of(weights, 10), 2);
  }

  private PrefixTuning prefix(dev.heed.nn.Module model, int middle) {
    return new PrefixTuning(
        Weights.initialise(random, DType.F64), Layout.of(model, PREFIX, middle));
  }

  /** The same written out: projections, heads, concatenation, masked softmax. */
  private static Tensor byHand(
      MultiHeadAttention attention, PrefixAttention prefix, Tensor x, Tensor allowed) {
    List<Linear> maps = attention.modules(Linear.class);
    Tensor q = heads(maps.get(0).apply(x));
    Tensor k = Tensor.cat(List.of(each(prefix.keys(), x), heads(maps.get(1).apply(x))), 2);
    Tensor v = Tensor.cat(List.of(each(prefix.values(), x), heads(maps.get(2).apply(x))), 2);
    Tensor scores = q.matmul(k.transpose(-2, -1)).div(Math.sqrt(5));
    Tensor open = Tensor.ones(Shape.of(x.size(1), PREFIX), DType.F64);
    Tensor all = Tensor.cat(List.of(open, allowed), 1);
    Tensor weights = scores.maskedFill(all.eq(0), Double.NEGATIVE_INFINITY).softmax(-1);
    return maps.get(3).apply(weights.matmul(v).transpose(1, 2).flatten(2, 3));
  }

  private static Tensor heads(Tensor x) {
    return x.unflatten(2, 2, 5).transpose(1, 2);
  }

  private static Tensor each(Tensor prefix, Tensor x) {
    return prefix.expand(x.size(0), -1, -1, -1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11})
  void equals_the_concatenation_written_by_hand(int middle) {
    try (TensorScope scope = TensorScope.open();
        MultiHeadAttention attention = attention();
        PrefixTuning tuning = prefix(attention, middle);
        Trace trace = tuning.into(attention, Trace.changing())) {
      Tensor x = Tensor.randn(random, Shape.of(2, 7, 10), DType.F64);
      PrefixAttention prefix = tuning.prefixes(1).getFirst();
      AttentionRequest open = AttentionRequest.of(null, trace);
      TensorAssert.assertClose(
          attention.apply(x, open).output(),
          byHand(attention, prefix, x, Tensor.ones(Shape.of(7, 7), DType.F64)),
          CLOSE);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal(), trace);
      Tensor expected =
          byHand(attention, prefix, x, Tensor.ones(Shape.of(7, 7), DType.F64).tril(0));
      TensorAssert.assertClose(attention.apply(x, causal).output(), expected, CLOSE);
      TensorAssert.assertClose(attention.apply(x, causal.withWeights()).output(), expected, CLOSE);
    }
  }

  @Test
  void decoding_with_a_cache_equals_the_whole_pass_and_the_cache_holds_no_prefix() {
    try (TensorScope scope = TensorScope.inference();
        MultiHeadAttention attention = attention();
        PrefixTuning tuning = prefix(attention, 0);
        Trace trace = tuning.into(attention, Trace.changing());
        DecodeState state = new DecodeState()) {
      Tensor x = Tensor.randn(random, Shape.of(2, 5, 10), DType.F64);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal(), trace);
      Tensor whole = attention.apply(x, causal).output();
      for (int at = 0; at < 5; at++) {
        Tensor token = x.narrow(1, at, 1);
        Tensor step = attention.apply(token, causal.withState(state)).output();
        TensorAssert.assertClose(step, whole.narrow(1, at, 1), CLOSE);
      }
      assertThat(state.keys(attention.path()).length()).isEqualTo(5);
    }
  }

  @Test
  void masks_and_score_changes_keep_the_numbers_of_the_sequence() {
    AttentionMask causal = AttentionMask.causal();
    PrefixedMask mask = new PrefixedMask(causal, PREFIX);
    // Two queries beside the last two of four own keys.
    assertThat(mask.picture(2, PREFIX + 4)).isEqualTo("######.\n#######\n");
    for (int query = 3; query < 9; query++) {
      for (int key = 0; key < 8; key++) {
        BlockKind kind = mask.classify(0, 0, query, query + 2, key, key + 2);
        boolean all = true;
        boolean none = true;
        for (int q = query; q < query + 2; q++) {
          for (int k = key; k < key + 2; k++) {
            all &= mask.allows(0, 0, q, k);
            none &= !mask.allows(0, 0, q, k);
          }
        }
        assertThat(kind)
            .as("queries from %d, keys from %d", query, key)
            .isEqualTo(all ? BlockKind.FULL : none ? BlockKind.EMPTY : BlockKind.PARTIAL);
      }
    }
    ScoreModifier distance = (batch, head, query, key, score) -> 2 * score + 100 * query + key;
    PrefixedModifier modifier = new PrefixedModifier(distance, PREFIX);
    assertThat(modifier.modify(0, 0, 4, 2, 0.5)).isEqualTo(0.5);
    assertThat(modifier.modify(0, 0, 4, 5, 0.5)).isEqualTo(1 + 100 + 2);
    assertThat(modifier.derivative(0, 0, 4, 2, 0.5)).isEqualTo(1);
    assertThat(modifier.derivative(0, 0, 4, 5, 0.5))
        .isCloseTo(2, org.assertj.core.api.Assertions.within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void a_frozen_bert_learns_by_its_prefix_alone(int middle) {
    try (TensorScope scope = TensorScope.open();
        Model bert = ModelLoader.of(RecordedModels.named("bert")).bare().as(DType.F64).load();
        PrefixTuning tuning = prefix(bert, middle)) {
      bert.requiresGrad(false);
      Tensor ids = Tensor.of(new long[] {5, 9, 2, 31, 8, 7, 1, 3, 11, 30}, 2, 5);
      Tensor keep =
          Tensor.of(
              new boolean[] {true, true, true, true, true, true, true, true, false, false}, 2, 5);
      ModelInput input = ModelInput.of("input_ids", ids).with("attention_mask", keep);
      Tensor before = bert.apply(input).require("last_hidden_state");
      Tensor wanted = Tensor.randn(random, Shape.of(2, 5, 1), DType.F64);
      java.util.function.Supplier<Tensor> loss =
          () -> {
            try (Trace trace = tuning.into(bert, Trace.changing())) {
              Tensor hidden = bert.apply(input, trace).require("last_hidden_state");
              return hidden.narrow(2, 0, 1).sub(wanted).square().mean();
            }
          };
      double first = Overfit.loss(List.of(tuning), loss, 0, 0.05);
      assertThat(Overfit.loss(List.of(tuning), loss, 120, 0.05)).isLessThan(0.5 * first);
      TensorAssert.assertEqual(bert.apply(input).require("last_hidden_state"), before);
      assertThat(tuning.parameterCount()).isPositive();
    }
  }

  @Test
  void a_layout_for_another_model_is_refused() {
    try (TensorScope scope = TensorScope.open();
        MultiHeadAttention attention = attention();
        PrefixTuning other =
            new PrefixTuning(
                Weights.initialise(random, DType.F64), new Layout(PREFIX, 2, 2, 5, 0));
        Linear none = Linear.of(Weights.initialise(random, DType.F64), 2, 3)) {
      assertThatThrownBy(() -> other.into(attention, Trace.changing()))
          .hasMessageStartingWith("prefix tuning: expected Layout[length=3, layers=1");
      assertThatThrownBy(() -> Layout.of(none, PREFIX, 0))
          .hasMessage(
              "prefix tuning: expected a model with multi-head attention, got none in Linear");
      assertThatThrownBy(() -> new Layout(0, 1, 1, 1, 0))
          .hasMessageContaining("got [0, 1, 1, 1, 0]");
    }
  }
}
