package dev.heed.attention.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.attention.mask.AttentionSizes;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class GatedBiasTest {
  private static final RelativeBuckets BUCKETS = new RelativeBuckets(true, 8, 10);

  private TensorScope scope;
  private Generator generator;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
    generator = new Generator(59);
  }

  @AfterEach
  void close() {
    generator.close();
    scope.close();
  }

  @Test
  void a_query_takes_the_bias_in_its_own_measure() {
    Tensor table = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 8, 1);
    Tensor gate = Tensor.of(new double[] {10, 100}, 1, 1, 2, 1);
    GatedBias bias = new GatedBias(new BucketBias(BUCKETS, table), gate, 3);
    // Of three keys the queries stand beside the last two; key 0 is one and two places before them.
    assertThat(bias.modify(0, 0, 1, 0, 0.5)).isCloseTo(0.5 + 10 * 2, within(1e-12));
    assertThat(bias.modify(0, 0, 2, 0, 0.5)).isCloseTo(0.5 + 100 * 3, within(1e-12));
    assertThat(bias.modify(0, 0, 2, 2, 0.5)).isCloseTo(0.5 + 100 * 1, within(1e-12));
  }

  @Test
  void written_down_and_fused_scores_give_the_same_output_and_gradients() {
    Tensor table = random(8, 3);
    Tensor gate = random(2, 3, 5, 1);
    Tensor q = random(2, 3, 5, 11);
    Tensor k = random(2, 3, 7, 11);
    Tensor v = random(2, 3, 7, 13);
    List<Tensor> inputs = List.of(q, k, v, gate, table);
    Tensor scores = q.matmul(k.transpose(-2, -1)).div(Math.sqrt(11));
    Tensor written = make(gate, table).modify(scores).softmax(-1).matmul(v);
    Tensor fused =
        ExactAttention.apply(q, k, v, AttentionSpec.plain().withModifier(make(gate, table)));
    Tolerance tight = new Tolerance(1e-9, 1e-9);
    TensorAssert.assertClose(fused, written, tight);
    Tensor seed = Tensor.randn(generator, written.shape(), DType.F64);
    List<Tensor> expected = Gradients.of(written, seed, inputs);
    List<Tensor> actual = Gradients.of(fused, seed, inputs);
    for (int i = 0; i < inputs.size(); i++) {
      TensorAssert.assertClose("input " + i, actual.get(i), expected.get(i), tight);
    }
  }

  @Test
  void what_does_not_fit_is_refused() {
    Tensor table = random(8, 3).detach();
    assertThatThrownBy(() -> make(random(2, 3, 9, 1).detach(), table))
        .hasMessageContaining("expected gates [B, H, up to 7, 1], got f64[2, 3, 9, 1]");
    GatedBias bias = make(random(2, 3, 5, 1).detach(), table);
    assertThatThrownBy(() -> bias.requireFit(new AttentionSizes(2, 3, 4, 7)))
        .hasMessageContaining("gated bias: expected [2 or 1, 3 or 1, 4, 7]");
  }

  private static GatedBias make(Tensor gate, Tensor table) {
    return new GatedBias(new BucketBias(BUCKETS, table), gate, 7);
  }

  private Tensor random(long... sizes) {
    return Tensor.randn(generator, Shape.of(sizes), DType.F64).requiresGrad(true);
  }
}
