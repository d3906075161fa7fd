package dev.heed.attention.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class PositionsTest {
  private TensorScope scope;
  private Generator generator;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
    generator = new Generator(29);
  }

  @AfterEach
  void close() {
    generator.close();
    scope.close();
  }

  @Test
  void sinusoids_equal_their_formula() {
    Tensor table = SinusoidalPositions.PAPER.table(2, 1, 5, DType.F64);
    double second = 2 / Math.pow(10_000, 2 / 5.0);
    double third = 2 / Math.pow(10_000, 4 / 5.0);
    double[] row = table.toDoubleArray();
    assertThat(row[0]).isCloseTo(Math.sin(2), within(1e-12));
    assertThat(row[1]).isCloseTo(Math.cos(2), within(1e-12));
    assertThat(row[2]).isCloseTo(Math.sin(second), within(1e-12));
    assertThat(row[4]).isCloseTo(Math.sin(third), within(1e-12));
    double[] halves = SinusoidalPositions.MARIAN.table(2, 1, 4, DType.F64).toDoubleArray();
    assertThat(halves[1]).isCloseTo(Math.sin(2 / 100.0), within(1e-12));
    assertThat(halves[2]).isCloseTo(Math.cos(2), within(1e-12));
    assertThat(SinusoidalPositions.TENSOR2TENSOR.table(0, 3, 1, DType.F32).toFloatArray())
        .containsExactly(0, 0, 0);
  }

  @ParameterizedTest
  @EnumSource(PairLayout.class)
  void rotary_products_depend_on_the_distance_only(PairLayout layout) {
    RotaryPositions rotary = new RotaryPositions(layout, 6, 100);
    Tensor q = Tensor.randn(generator, Shape.of(1, 1, 1, 7), DType.F64);
    Tensor k = Tensor.randn(generator, Shape.of(1, 1, 1, 7), DType.F64);
    double near = rotary.apply(q, 3).mul(rotary.apply(k, 1)).sum().item();
    double far = rotary.apply(q, 1003).mul(rotary.apply(k, 1001)).sum().item();
    assertThat(far).isCloseTo(near, within(1e-9));
    assertThat(rotary.apply(q, 0).sub(q).abs().max().item()).isZero();
    assertThat(rotary.apply(q, 5).square().sum().item())
        .isCloseTo(q.square().sum().item(), within(1e-9));
  }

  @Test
  void rotating_in_parts_equals_rotating_at_once() {
    RotaryPositions rotary = new RotaryPositions(PairLayout.HALF_SPLIT, 4, 10_000);
    Tensor x = Tensor.randn(generator, 2, 3, 11, 4).transpose(0, 1);
    Tensor whole = rotary.apply(x, 0);
    Tensor end = rotary.apply(x.narrow(2, 7, 4), 7);
    assertThat(whole.narrow(2, 7, 4).sub(end).abs().max().item()).isLessThan(1e-6);
  }

  @Test
  void token_positions_skip_padding() {
    Tensor tokens = Tensor.of(new long[] {1, 5, 6, 1, 7, 1}, 2, 3);
    assertThat(TokenPositions.of(tokens, 1).toLongArray()).containsExactly(1, 2, 3, 1, 2, 1);
  }

  @Test
  void learned_positions_know_no_others() {
    try (LearnedPositions table =
        new LearnedPositions(Weights.initialise(generator, DType.F32), 5, 3, -1)) {
      assertThat(table.add(Tensor.zeros(Shape.of(2, 3, 3), DType.F32), 2).shape())
          .isEqualTo(Shape.of(2, 3, 3));
      assertThatThrownBy(() -> table.add(Tensor.zeros(Shape.of(2, 3, 3), DType.F32), 3))
          .hasMessageContaining("expected positions below 5, got 3 to 5");
    }
  }

  @Test
  void wrong_options_are_refused() {
    assertThatThrownBy(() -> new RotaryPositions(PairLayout.HALF_SPLIT, 5, 10_000))
        .hasMessageContaining("expected an even number");
    assertThatThrownBy(() -> new RotaryScaling.Linear(0.5)).hasMessageContaining("got 0.5");
    assertThatThrownBy(() ->
            new RotaryPositions(PairLayout.HALF_SPLIT, 8, 10_000)
                .apply(Tensor.zeros(Shape.of(1, 1, 2, 6), DType.F32), 0))
        .hasMessageContaining("at least 8 elements, got 6");
  }
}
