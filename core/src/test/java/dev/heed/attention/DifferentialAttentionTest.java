package dev.heed.attention;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.fixture.GradientCheck;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class DifferentialAttentionTest {
  private static final long SEED = 59;
  private static final AttentionRequest PLAIN = AttentionRequest.plain();

  private static DifferentialAttention layer(Generator random, double lambda) {
    return new DifferentialAttention(
        Weights.initialise(random, DType.F64).child("attn"),
        new DifferentialAttention.Config(13, 3, 5, lambda));
  }

  private static Tensor normal(Generator random, long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64);
  }

  private static void set(DifferentialAttention layer, String name, Tensor value) {
    Gradients.disabled(() -> parameter(layer, name).assign(value));
  }

  private static Tensor parameter(DifferentialAttention layer, String name) {
    return Objects.requireNonNull(layer.parameters().get("attn." + name), name);
  }

  @Test
  void the_first_lambda_grows_with_depth() {
    assertThat(DifferentialAttention.lambdaInit(0)).isCloseTo(0.2, within(1e-15));
    assertThat(DifferentialAttention.lambdaInit(1))
        .isCloseTo(0.8 - 0.6 * 0.7408182206817179, within(1e-15));
    assertThat(DifferentialAttention.lambdaInit(1000)).isCloseTo(0.8, within(1e-15));
  }

  /**
   * Keys of zero make both maps uniform: each token reads (1 − λ) · (3, 4), whose root mean square
   * is (1 − λ) · √12.5; the norm takes (1 − λ) out, and 1 − 0.2 is what is left as a factor.
   */
  @Test
  void two_uniform_maps_read_the_normed_mean() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        DifferentialAttention layer =
            new DifferentialAttention(
                Weights.initialise(random, DType.F64).child("attn"),
                new DifferentialAttention.Config(2, 1, 1, 0.2))) {
      set(layer, "k_proj.weight", Tensor.zeros(Shape.of(2, 2), DType.F64));
      set(layer, "v_proj.weight", Tensor.eye(2, DType.F64));
      set(layer, "out_proj.weight", Tensor.eye(2, DType.F64));
      Tensor x = Tensor.of(new double[] {2, 0, 4, 8}, 1, 2, 2);
      double root = Math.sqrt(12.5);
      Tensor expected =
          Tensor.of(new double[] {2.4 / root, 3.2 / root, 2.4 / root, 3.2 / root}, 1, 2, 2);
      assertClose(layer.apply(x, PLAIN).output(), expected, new Tolerance(1e-4, 1e-4));
    }
  }

  /** λ_q1·λ_k1 = ln 3, λ_q2·λ_k2 = ln 2: λ = 3 − 2 + 0.5. */
  @Test
  void lambda_is_a_difference_of_exponentials() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        DifferentialAttention layer = layer(random, 0.5)) {
      Tensor one = Tensor.of(new double[] {1, 0, 0, 0, 0});
      set(layer, "lambda_q1", one);
      set(layer, "lambda_q2", one);
      set(layer, "lambda_k1", one.mul(Math.log(3)));
      set(layer, "lambda_k2", one.mul(Math.log(2)));
      DifferentialAttention.Maps maps = layer.maps(normal(random, 2, 7, 13), PLAIN);
      assertThat(maps.lambda().item()).isCloseTo(1.5, within(1e-12));
      assertClose(
          maps.difference().sum(-1, false),
          Tensor.full(Shape.of(2, 3, 7), -0.5, DType.F64),
          new Tolerance(1e-12, 1e-12));
      assertThat(maps.difference().min().item()).isNegative();
    }
  }

  @Test
  void with_a_lambda_of_zero_it_is_attention_with_normed_heads() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        DifferentialAttention layer = layer(random, 0)) {
      Tensor zero = Tensor.zeros(Shape.of(5), DType.F64);
      set(layer, "lambda_q1", zero);
      set(layer, "lambda_q2", zero);
      Tensor x = normal(random, 2, 7, 13);
      Tensor q = x.linear(parameter(layer, "q_proj.weight"), null);
      Tensor k = x.linear(parameter(layer, "k_proj.weight"), null);
      Tensor v = x.linear(parameter(layer, "v_proj.weight"), null);
      List<Tensor> heads = new ArrayList<>();
      for (int head = 0; head < 3; head++) {
        Tensor scores =
            q.narrow(2, 10L * head, 5)
                .matmul(k.narrow(2, 10L * head, 5).transpose(1, 2))
                .div(Math.sqrt(5));
        Tensor read = scores.softmax(-1).matmul(v.narrow(2, 10L * head, 10));
        heads.add(read.div(read.square().mean(-1, true).add(1e-5).sqrt()));
      }
      Tensor expected = Tensor.cat(heads, -1).linear(parameter(layer, "out_proj.weight"), null);
      assertClose(layer.apply(x, PLAIN).output(), expected, new Tolerance(1e-9, 1e-9));
    }
  }

  @Test
  void what_both_maps_see_alike_cancels() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        DifferentialAttention layer = layer(random, 0)) {
      for (String name : List.of("q_proj.weight", "k_proj.weight")) {
        Tensor half = normal(random, 3, 1, 5, 13);
        set(layer, name, half.expand(3, 2, 5, 13).reshape(30, 13));
      }
      Tensor one = Tensor.of(new double[] {1, 0, 0, 0, 0});
      set(layer, "lambda_q1", one);
      set(layer, "lambda_k1", one.mul(Math.log(2)));
      set(layer, "lambda_q2", one.mul(0));
      DifferentialAttention.Maps maps = layer.maps(normal(random, 2, 7, 13), PLAIN);
      assertClose(
          maps.difference(), maps.difference().mul(0), new Tolerance(1e-12, 1e-12)); // λ = 2 − 1
    }
  }

  @Test
  void the_kernel_reads_what_the_maps_say_under_any_mask() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        DifferentialAttention layer = layer(random, 0.2)) {
      Tensor x = normal(random, 2, 11, 13);
      AttentionMask mask = AttentionMask.causal().and(AttentionMask.lengths(11, 7));
      try (Trace trace = Trace.record(point -> point.endsWith("z") || point.endsWith("pattern"))) {
        Tensor plain = layer.apply(x, AttentionRequest.of(mask)).output();
        Tensor traced = layer.apply(x, AttentionRequest.of(mask, trace)).output();
        assertClose(traced, plain, new Tolerance(1e-9, 1e-9));
        DifferentialAttention.Maps maps = layer.maps(x, AttentionRequest.of(mask));
        assertClose(trace.value("attn.second.pattern"), maps.second());
        Tensor v =
            x.linear(parameter(layer, "v_proj.weight"), null).unflatten(-1, 3, 10).transpose(1, 2);
        assertClose(trace.value("attn.z"), maps.difference().matmul(v), new Tolerance(1e-9, 1e-9));
      }
    }
  }

  @Test
  void changing_the_future_changes_nothing_before_it() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        DifferentialAttention layer = layer(random, 0.2)) {
      Tensor x = normal(random, 1, 11, 13);
      Tensor changed = Tensor.cat(List.of(x.narrow(1, 0, 6), normal(random, 1, 5, 13)), 1);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
      assertEqual(
          layer.apply(changed, causal).output().narrow(1, 0, 6),
          layer.apply(x, causal).output().narrow(1, 0, 6));
    }
  }

  @Test
  void gradients_equal_central_differences() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        DifferentialAttention layer =
            new DifferentialAttention(
                Weights.initialise(random, DType.F64),
                new DifferentialAttention.Config(3, 1, 2, 0.2))) {
      Tensor x = normal(random, 1, 5, 3);
      Tensor direction = normal(random, 1, 5, 3);
      List<Tensor> inputs = new ArrayList<>(layer.trainable().values());
      inputs.add(x);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
      GradientCheck.check(() -> layer.apply(x, causal).output().mul(direction).sum(), inputs, 1e-6);
    }
  }

  @Test
  void what_it_cannot_do_is_refused() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        DifferentialAttention layer = layer(random, 0.2);
        DecodeState state = new DecodeState()) {
      Tensor x = normal(random, 1, 1, 13);
      assertThatThrownBy(() -> layer.apply(x, PLAIN.withState(state)))
          .hasMessageContaining("expected no key cache");
      assertThatThrownBy(() -> new DifferentialAttention.Config(13, 3, 5, 1))
          .hasMessageContaining("a first λ in [0, 1), got size 13, heads 3, head size 5, λ 1.0");
    }
  }
}
