package dev.heed.attention;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.HeadChange.Places;
import dev.heed.attention.position.Grid;
import dev.heed.attention.score.GridBias;
import dev.heed.fixture.GradientCheck;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What attention over the places of an image is put together from. */
@Tag("unit")
class ImageAttentionTest {
  private static final Tolerance CLOSE = Tolerance.of(DType.F64);

  @Test
  void rotary_positions_turn_patches_by_their_centres_and_leave_other_tokens() {
    try (TensorScope scope = TensorScope.open()) {
      GridRotary rotary = new GridRotary(4, 100);
      Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4}, 1, 1, 3, 4);
      // Two rows: centres at -1/2 and 1/2 turn the first pair by half a circle; one column: 0.
      Tensor turned = rotary.queries(x, new Places(null, 0, new Grid(2, 1)));
      assertClose(
          turned,
          Tensor.of(new double[] {1, 2, 3, 4, -1, 2, -3, 4, -1, 2, -3, 4}, 1, 1, 3, 4),
          CLOSE);
      Tensor alone = rotary.keys(x.narrow(2, 0, 1), new Places(null, 0, new Grid(1, 1)));
      assertClose(alone, x.narrow(2, 0, 1), CLOSE);
    }
  }

  @Test
  void rotary_positions_of_four_columns() {
    try (TensorScope scope = TensorScope.open()) {
      GridRotary rotary = new GridRotary(4, 100);
      Tensor x = Tensor.of(new double[] {1, 1, 1, 1}, 1, 1, 1, 4).expand(1, 1, 4, 4);
      Tensor turned = rotary.queries(x, new Places(null, 0, new Grid(1, 4)));
      // Centres at -3/4, -1/4, 1/4, 3/4: quarters of a circle from -3 to 3.
      assertClose(
          turned.select(2, 2).flatten(0, 2), Tensor.of(new double[] {1, -1, 1, 1}, 4), CLOSE);
      assertClose(
          turned.select(2, 3).flatten(0, 2), Tensor.of(new double[] {1, 1, 1, -1}, 4), CLOSE);
    }
  }

  @Test
  void rotary_positions_refuse_other_tokens() {
    try (TensorScope scope = TensorScope.open()) {
      GridRotary rotary = new GridRotary(4, 100);
      Tensor x = Tensor.zeros(Shape.of(1, 1, 3, 4), DType.F64);
      assertThatThrownBy(() -> rotary.queries(x, new Places(null, 0, null)))
          .hasMessageContaining("expected an image's patches");
      assertThatThrownBy(() -> rotary.queries(x, new Places(null, 0, new Grid(2, 2))))
          .hasMessageContaining("expected an image's patches");
      assertThatThrownBy(() -> new GridRotary(6, 100))
          .hasMessageContaining("expected a head size that 4 divides");
    }
  }

  @Test
  void biases_of_a_grid_follow_the_difference_of_two_places() {
    try (TensorScope scope = TensorScope.open()) {
      // One row of two: differences -1, 0, 1, then the class token's three.
      Tensor table = Tensor.of(new double[] {10, 20, 30, 40, 50, 60}, 6, 1);
      Grid grid = new Grid(1, 2);
      assertValues(GridBias.written(table.narrow(0, 0, 3), grid).flatten(0, 3), 20, 10, 30, 20);
      assertValues(
          GridBias.writtenWithClassToken(table, grid).flatten(0, 3),
          60,
          40,
          40,
          50,
          20,
          10,
          50,
          30,
          20);
      assertThatThrownBy(() -> GridBias.written(table, grid))
          .hasMessageContaining("expected a table [3, H]");
    }
  }

  @Test
  void angles_do_not_depend_on_lengths_and_factors_are_limited() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(11)) {
      Tensor log = Tensor.of(new double[] {0, Math.log(2), 50}, 3, 1, 1);
      CosineHeads cosine = new CosineHeads(log, Math.log(100));
      Tensor q = Tensor.randn(random, Shape.of(2, 3, 5, 7), DType.F64);
      Places places = new Places(null, 0, null);
      assertClose(cosine.queries(q.mul(1e6), places), cosine.queries(q, places), CLOSE);
      Tensor lengths = cosine.queries(q, places).norm(-1, false);
      assertClose(lengths, Tensor.of(new double[] {1, 2, 100}, 1, 3, 1).expand(2, 3, 5), CLOSE);
      assertEqual(cosine.keys(q.mul(0), places), q.mul(0));
      Tensor half = q.mul(0).to(DType.F16);
      assertEqual(cosine.keys(half, places), half);
    }
  }

  @Test
  void reduced_keys_are_those_of_a_coarser_image() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(12)) {
      Weights weights = Weights.initialise(random, DType.F64);
      MultiHeadAttention heads = new MultiHeadAttention(weights, HeadProjections.of(weights, 6), 2);
      Conv2d half = new Conv2d(weights.child("sr"), 6, 6, 2, new Geometry(2, 0, 1, 1), true);
      try (SpatialReductionAttention mixer =
          new SpatialReductionAttention(weights, heads, half, Norm.NONE)) {
        // The last of five columns has no partner and is not read.
        Grid grid = new Grid(4, 5);
        Tensor x = Tensor.randn(random, Shape.of(3, 20, 6), DType.F64).requiresGrad(true);
        AttentionRequest request = AttentionRequest.plain().withGrid(grid).withWeights();
        AttentionOutput mixed = mixer.apply(x, request);
        Tensor coarse =
            half.apply(x.transpose(1, 2).unflatten(2, 4, 5)).flatten(2, 3).transpose(1, 2);
        AttentionOutput expected =
            heads.apply(x, coarse, coarse, AttentionRequest.plain().withWeights());
        assertClose(mixed.output(), expected.output(), CLOSE);
        assertEqual(mixed.requireWeights(), expected.requireWeights());
        assertClose(
            mixed.requireWeights().sum(-1, false),
            Tensor.ones(Shape.of(3, 2, 20), DType.F64),
            CLOSE);
        GradientCheck.check(
            () -> mixer.apply(x, request).output().square().sum(), List.of(x), 1e-6);
        assertThatThrownBy(() -> mixer.apply(x.narrow(1, 0, 19), request))
            .hasMessageContaining("expected [B, 20, size]");
      }
    }
  }
}
