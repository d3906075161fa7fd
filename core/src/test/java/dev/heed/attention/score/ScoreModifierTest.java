package dev.heed.attention.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class ScoreModifierTest {
  private static final int HEADS = 3;

  private TensorScope scope;
  private Generator generator;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
    generator = new Generator(53);
  }

  @AfterEach
  void close() {
    generator.close();
    scope.close();
  }

  /** Each kind, made anew: a modifier reads its parameters when it is made. */
  enum Kind {
    SCALE,
    SOFT_CAP,
    ALIBI,
    BUCKETS,
    BIAS,
    CHAIN,
    LAMBDA;

    ScoreModifier make(Tensor table, Tensor bias) {
      return switch (this) {
        case SCALE -> new ScoreScale(0.7);
        case SOFT_CAP -> new SoftCap(1.5);
        case ALIBI -> Alibi.ofHeads(HEADS);
        case BUCKETS -> new BucketBias(new RelativeBuckets(true, 8, 10), table);
        case BIAS -> new ScoreBias(bias);
        case CHAIN -> new SoftCap(2).then(new ScoreBias(bias)).then(Alibi.ofHeads(HEADS));
        case LAMBDA ->
            (batch, head, query, key, score) -> score * (1 + 0.1 * head) - 0.05 * (query - key);
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void written_down_and_fused_scores_give_the_same_output_and_gradients(Kind kind) {
    Tensor table = random(8, HEADS);
    Tensor bias = random(2, HEADS, 5, 7);
    Tensor q = random(2, HEADS, 5, 11);
    Tensor k = random(2, HEADS, 7, 11);
    Tensor v = random(2, HEADS, 7, 13);
    List<Tensor> inputs = new ArrayList<>(List.of(q, k, v));
    inputs.addAll(kind.make(table, bias).parameters());
    Tensor scores = q.matmul(k.transpose(-2, -1)).div(Math.sqrt(11));
    Tensor written = kind.make(table, bias).modify(scores).softmax(-1).matmul(v);
    Tensor fused =
        ExactAttention.apply(q, k, v, AttentionSpec.plain().withModifier(kind.make(table, bias)));
    Tolerance tight = new Tolerance(1e-9, 1e-9);
    TensorAssert.assertClose(fused, written, tight);
    Tensor seed = Tensor.randn(generator, written.shape(), DType.F64);
    List<Tensor> expected = Gradients.of(written, seed, inputs);
    List<Tensor> actual = Gradients.of(fused, seed, inputs);
    for (int i = 0; i < inputs.size(); i++) {
      TensorAssert.assertClose(kind + " " + i, actual.get(i), expected.get(i), tight);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void float_tiles_agree_with_single_pairs(Kind kind) {
    Tensor table = random(8, HEADS).detach();
    Tensor bias = random(2, HEADS, 37, 41).detach();
    Tensor q = random(2, HEADS, 37, 11).detach();
    Tensor k = random(2, HEADS, 41, 11).detach();
    Tensor v = random(2, HEADS, 41, 13).detach();
    AttentionSpec spec = AttentionSpec.plain().withModifier(kind.make(table, bias));
    Tensor exact = ExactAttention.apply(q, k, v, spec);
    Tensor rounded = ExactAttention.apply(q.to(DType.F32), k.to(DType.F32), v.to(DType.F32), spec);
    TensorAssert.assertClose(rounded, exact, new Tolerance(1e-5, 1e-5));
  }

  static Stream<Kind> smooth() {
    return Stream.of(Kind.values());
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void derivatives_are_those_of_the_modifier(Kind kind) {
    ScoreModifier modifier = kind.make(random(8, HEADS).detach(), random(2, HEADS, 5, 7).detach());
    for (double score : new double[] {-2.5, 0, 0.3, 4}) {
      double above = modifier.modify(1, 2, 4, 3, score + 1e-6);
      double below = modifier.modify(1, 2, 4, 3, score - 1e-6);
      assertThat(modifier.derivative(1, 2, 4, 3, score))
          .isCloseTo((above - below) / 2e-6, within(1e-7));
    }
  }

  @Test
  void alibi_slopes_of_a_power_of_two_halve() {
    assertThat(Alibi.slopes(8))
        .containsExactly(0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625);
    assertThat(Alibi.slopes(3)).containsExactly(0.0625, 0.00390625, 0.25);
    assertThatThrownBy(() -> Alibi.slopes(0)).hasMessageContaining("got 0");
  }

  @Test
  void a_wrong_shape_is_refused_with_the_right_one() {
    Tensor flat = Tensor.zeros(Shape.of(2, 3), DType.F32);
    assertThatThrownBy(() -> new ScoreBias(flat))
        .hasMessageContaining("expected [B or 1, H or 1, Tq, Tk], got f32[2, 3]");
    assertThatThrownBy(() -> new BucketBias(new RelativeBuckets(true, 8, 10), flat))
        .hasMessageContaining("expected a table [8, H], got f32[2, 3]");
  }

  private Tensor random(long... sizes) {
    return Tensor.randn(generator, Shape.of(sizes), DType.F64).requiresGrad(true);
  }
}
