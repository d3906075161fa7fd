package dev.heed.mixer.linear;

import static dev.heed.fixture.TensorAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.GradientCheck;
import dev.heed.mixer.statespace.MemoryRead;
import dev.heed.nn.Activation;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class GatedDeltaTest {
  private static final GatedDeltaConfig SIZES =
      new GatedDeltaConfig(7, 2, 4, 3, 5, 4, Activation.SILU, 1e-6);

  private final Generator generator = new Generator(23);
  private TensorScope scope;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
    generator.close();
  }

  private Tensor normal(long... sizes) {
    return Tensor.randn(generator, Shape.of(sizes), DType.F64);
  }

  /** q, k, v, log α, β and a state for a part of a sequence. */
  private List<Tensor> inputs(long length) {
    Tensor k = normal(2, 3, length, 5);
    return List.of(
        normal(2, 3, length, 5),
        k.div(k.norm(-1, true)),
        normal(2, 3, length, 7),
        normal(2, 3, length).abs().mul(-0.1),
        normal(2, 3, length).sigmoid(),
        normal(2, 3, 5, 7));
  }

  private static MemoryRead rule(List<Tensor> in) {
    return GatedDeltaRule.apply(in.get(0), in.get(1), in.get(2), in.get(3), in.get(4), in.get(5));
  }

  /** The formula, token by token. */
  private static MemoryRead written(List<Tensor> in) {
    Tensor state = in.get(5);
    List<Tensor> outputs = new ArrayList<>();
    for (long t = 0; t < in.get(0).size(2); t++) {
      Tensor k = in.get(1).select(2, t).unsqueeze(-1); // [B, H, Dk, 1]
      Tensor v = in.get(2).select(2, t).unsqueeze(-2); // [B, H, 1, Dv]
      Tensor rate = in.get(4).select(2, t).unsqueeze(-1).unsqueeze(-1);
      state = state.mul(in.get(3).select(2, t).exp().unsqueeze(-1).unsqueeze(-1));
      Tensor held = k.transpose(-2, -1).matmul(state);
      state = state.add(k.matmul(v.sub(held).mul(rate)));
      outputs.add(in.get(0).select(2, t).unsqueeze(-2).matmul(state));
    }
    return new MemoryRead(Tensor.cat(outputs, 2), state);
  }

  /** Lengths below, at and beyond one chunk and two. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 63, 64, 65, 131})
  void chunks_are_the_formula_token_by_token_with_its_gradients(long length) {
    List<Tensor> in = inputs(length).stream().map(x -> x.copy().requiresGrad(true)).toList();
    MemoryRead found = rule(in);
    MemoryRead exact = written(in);
    assertClose(found.output(), exact.output());
    assertClose(found.memory(), exact.memory());
    Tensor seed = normal(2, 3, length, 7);
    Tensor loss = found.output().mul(seed).sum().add(found.memory().square().sum());
    Tensor expected = exact.output().mul(seed).sum().add(exact.memory().square().sum());
    List<Tensor> gradients = Gradients.of(loss, in);
    List<Tensor> wanted = Gradients.of(expected, in);
    for (int i = 0; i < in.size(); i++) {
      assertClose(gradients.get(i), wanted.get(i));
    }
  }

  /** A key that comes again takes the place of what it wrote: 3 and not 2 + 3. */
  @Test
  void one_key_by_hand() {
    Tensor key = Tensor.ones(Shape.of(1, 1, 3, 1), DType.F64);
    Tensor v = Tensor.of(new double[] {2, 3, 4}, 1, 1, 3, 1);
    Tensor none = Tensor.zeros(Shape.of(1, 1, 3), DType.F64);
    Tensor rate = Tensor.of(new double[] {1, 1, 0.5}, 1, 1, 3);
    assertClose(
        GatedDeltaRule.apply(key, key, v, none, rate, null).output(),
        Tensor.of(new double[] {2, 3, 3.5}, 1, 1, 3, 1));
  }

  /** Keys at right angles have nothing to correct: linear attention. */
  @Test
  void with_orthogonal_keys_it_is_linear_attention() {
    Tensor k = Tensor.eye(5, DType.F64).unsqueeze(0).unsqueeze(0);
    Tensor q = normal(1, 1, 5, 5);
    Tensor v = normal(1, 1, 5, 3);
    Tensor none = Tensor.zeros(Shape.of(1, 1, 5), DType.F64);
    assertClose(
        GatedDeltaRule.apply(q, k, v, none, none.add(1), null).output(),
        q.matmul(k.transpose(-2, -1)).tril(0).matmul(v));
  }

  @Test
  void forgetting_everything_leaves_numbers() {
    List<Tensor> in = new ArrayList<>(inputs(67));
    in.set(3, in.get(3).mul(1e300));
    MemoryRead found = rule(in);
    assertThat(found.output().isFinite().all().itemLong()).isEqualTo(1);
    // Nothing is left of the token before.
    Tensor own = in.get(0).mul(in.get(1)).sum(-1, true).mul(in.get(4).unsqueeze(-1));
    assertClose(found.output(), own.mul(in.get(2)));
  }

  @Test
  void half_precision_is_summed_in_f32() {
    List<Tensor> in = inputs(71).stream().map(x -> x.to(DType.BF16)).toList();
    MemoryRead found = rule(in);
    assertThat(found.output().dtype()).isEqualTo(DType.BF16);
    assertThat(found.memory().dtype()).isEqualTo(DType.F32);
    MemoryRead exact = rule(in.stream().map(x -> x.to(DType.F32)).toList());
    assertClose(found.output(), exact.output().to(DType.BF16));
  }

  private static Tensor of(GatedDeltaNet net, String name) {
    return Objects.requireNonNull(net.parameters().get(name));
  }

  @Test
  void both_layouts_compute_the_same() {
    Weights own = Weights.initialise(generator, DType.F64);
    Weights other = Weights.initialise(generator, DType.F64);
    try (GatedDeltaNet separate = new GatedDeltaNet(own, SIZES);
        GatedDeltaNet joint = GatedDeltaNet.byKeyHead(other, SIZES)) {
      joint.requiresGrad(false);
      for (String name : List.of("conv1d.weight", "dt_bias", "A_log", "norm.weight")) {
        of(joint, name).assign(of(separate, name));
      }
      of(joint, "out_proj.weight").assign(of(separate, "out_proj.weight"));
      List<Tensor> mixed = of(separate, "in_proj_qkv.weight").split(0, 6, 6, 20);
      Tensor gate = of(separate, "in_proj_z.weight");
      Tensor rate = of(separate, "in_proj_b.weight");
      Tensor step = of(separate, "in_proj_a.weight");
      List<Tensor> vectors = new ArrayList<>();
      List<Tensor> numbers = new ArrayList<>();
      for (long head = 0; head < 2; head++) {
        vectors.add(mixed.get(0).narrow(0, 3 * head, 3));
        vectors.add(mixed.get(1).narrow(0, 3 * head, 3));
        vectors.add(mixed.get(2).narrow(0, 10 * head, 10));
        vectors.add(gate.narrow(0, 10 * head, 10));
        numbers.add(rate.narrow(0, 2 * head, 2));
        numbers.add(step.narrow(0, 2 * head, 2));
      }
      of(joint, "in_proj_qkvz.weight").assign(Tensor.cat(vectors, 0));
      of(joint, "in_proj_ba.weight").assign(Tensor.cat(numbers, 0));
      Tensor x = normal(2, 11, 7);
      assertClose(joint.apply(x), separate.apply(x));
    }
  }

  @Test
  void gradients_reach_every_parameter() {
    try (GatedDeltaNet net = new GatedDeltaNet(Weights.initialise(generator, DType.F64), SIZES)) {
      Tensor x = normal(1, 5, 7).requiresGrad(true);
      Tensor seed = normal(1, 5, 7);
      List<Tensor> inputs = new ArrayList<>(net.trainable().values());
      assertThat(inputs).hasSize(9);
      inputs.add(x);
      GradientCheck.check(() -> net.apply(x).mul(seed).sum(), inputs, 1e-6);
    }
  }

  /** The map reads the values: applied to them it is what the rule gives. */
  @Test
  void the_effective_map_looks_back_only() {
    try (GatedDeltaNet net = new GatedDeltaNet(Weights.initialise(generator, DType.F64), SIZES)) {
      Tensor map = net.effectiveMap(normal(1, 13, 7));
      assertThat(map.shape()).isEqualTo(Shape.of(1, 4, 13, 13));
      assertThat(map.triu(1).abs().max().item()).isZero();
      assertThat(map.abs().max().item()).isPositive();
    }
  }

  @Test
  void key_heads_must_divide_the_value_heads() {
    assertThatThrownBy(() -> new GatedDeltaConfig(7, 2, 3, 3, 5, 4, Activation.SILU, 1e-6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key heads that divide the value heads")
        .hasMessageContaining("value heads 3");
  }
}
