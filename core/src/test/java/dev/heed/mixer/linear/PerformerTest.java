package dev.heed.mixer.linear;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.mixer.linear.OrthogonalProjection.Length;
import dev.heed.mixer.linear.SoftmaxFeatures.KeyStabiliser;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PerformerTest {
  private static final long SEED = 13;

  @Test
  void more_features_come_closer_to_the_softmax() {
    // Short vectors: the estimate's variance grows with exp(|q + k|²).
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor q = Tensor.randn(random, Shape.of(1, 2, 19, 5), DType.F64).mul(0.5);
      Tensor k = Tensor.randn(random, Shape.of(1, 2, 19, 5), DType.F64).mul(0.5);
      Tensor v = Tensor.randn(random, Shape.of(1, 2, 19, 3), DType.F64);
      Tensor exact = q.matmul(k.transpose(-1, -2)).div(Math.sqrt(5)).softmax(-1).matmul(v);
      double few = error(random, 7, q, k, v, exact);
      double many = error(random, 5003, q, k, v, exact);
      assertThat(many).isLessThan(0.01);
      assertThat(many).isLessThan(few / 5);
    }
  }

  private static double error(
      Generator random, long features, Tensor q, Tensor k, Tensor v, Tensor exact) {
    Tensor projection = OrthogonalProjection.draw(random, features, 5, Length.GAUSSIAN, DType.F64);
    LinearAttention attention =
        new LinearAttention(
            new SoftmaxFeatures(projection, 0, KeyStabiliser.ALL_KEYS), false, 0, 0);
    return attention.apply(q, k, v, null).sub(exact).abs().mean().item();
  }

  @Test
  void without_epsilon_the_stabiliser_cancels() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor projection = OrthogonalProjection.draw(random, 17, 5, Length.GAUSSIAN, DType.F64);
      Tensor q = Tensor.randn(random, Shape.of(1, 2, 11, 5), DType.F64);
      Tensor v = Tensor.randn(random, Shape.of(1, 2, 11, 3), DType.F64);
      Tensor[] outputs = new Tensor[2];
      for (KeyStabiliser stabiliser : KeyStabiliser.values()) {
        FeatureMap features = new SoftmaxFeatures(projection, 0, stabiliser);
        outputs[stabiliser.ordinal()] =
            new LinearAttention(features, true, 0, 0).apply(q, q, v, null);
      }
      assertClose(outputs[0], outputs[1]);
    }
  }

  @Test
  void rows_are_orthogonal_within_a_block_and_have_the_length_asked_for() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor rows = OrthogonalProjection.draw(random, 11, 7, Length.REGULARISED, DType.F64);
      Tensor block = rows.narrow(0, 0, 7);
      assertClose(block.matmul(block.transpose(0, 1)), Tensor.eye(7, DType.F64).mul(7));
      Tensor rest = rows.narrow(0, 7, 4);
      assertClose(rest.matmul(rest.transpose(0, 1)), Tensor.eye(4, DType.F64).mul(7));
    }
  }

  @Test
  void a_projection_needs_a_row() {
    try (Generator random = new Generator(SEED)) {
      assertThatThrownBy(
              () -> OrthogonalProjection.draw(random, 0, 7, Length.REGULARISED, DType.F64))
          .hasMessage("projection: expected at least one row and one column, got 0 and 7");
    }
  }

  @Test
  void redrawing_changes_the_features_and_nothing_else() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        PerformerSelfAttention layer =
            new PerformerSelfAttention(
                Weights.initialise(random, DType.F32),
                new PerformerSelfAttention.Config(15, 3, 5, 13, true))) {
      assertThat(layer.trainable()).doesNotContainKey("fast_attention.projection_matrix");
      Tensor x = Tensor.randn(random, 2, 11, 15);
      Tensor query = parameter(layer).copy();
      Tensor before = layer.apply(x);
      layer.redraw(random);
      assertThat(layer.apply(x).sub(before).abs().max().item()).isGreaterThan(1e-4);
      assertEqual(parameter(layer), query);
    }
  }

  private static Tensor parameter(PerformerSelfAttention layer) {
    return Objects.requireNonNull(layer.parameters().get("to_q.weight"));
  }

  @Test
  void its_map_reads_what_it_reads() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor projection = OrthogonalProjection.draw(random, 17, 5, Length.GAUSSIAN, DType.F64);
      LinearAttention attention = Performer.softmax(projection, false);
      Tensor q = Tensor.randn(random, Shape.of(1, 2, 11, 5), DType.F64);
      Tensor v = Tensor.randn(random, Shape.of(1, 2, 11, 3), DType.F64);
      Tensor weights = attention.weights(q, q, null);
      assertClose(weights.matmul(v), attention.apply(q, q, v, null));
      assertClose(weights.sum(-1, false), Tensor.ones(Shape.of(1, 2, 11), DType.F64));
    }
  }
}
