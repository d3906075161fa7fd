package dev.heed.mixer.statespace;

import static dev.heed.fixture.TensorAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.GradientCheck;
import dev.heed.mixer.statespace.Mamba2Choices.Gating;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class Mamba2Test {
  private static final Mamba2Config SIZES = new Mamba2Config(5, 4, 3, 7, 2, 4);

  private final Generator generator = new Generator(19);
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

  /** Lengths below, at and beyond one chunk and two. */
  @ParameterizedTest
  @ValueSource(longs = {1, 63, 64, 65, 131})
  void chunks_of_a_fading_memory_are_its_recurrence_with_its_gradients(long length) {
    Tensor q = normal(2, 3, length, 5).requiresGrad(true);
    Tensor k = normal(2, 3, length, 5).requiresGrad(true);
    Tensor v = normal(2, 3, length, 2).requiresGrad(true);
    Tensor decay = normal(2, 3, length).abs().neg().requiresGrad(true);
    Tensor start = normal(2, 3, 5, 2).requiresGrad(true);
    List<Tensor> inputs = List.of(q, k, v, decay, start);
    MemoryRead read = DecayingMemory.apply(q, k, v, decay, start);
    Tensor memory = start;
    List<Tensor> outputs = new ArrayList<>();
    for (long t = 0; t < length; t++) {
      Tensor written = k.select(2, t).unsqueeze(-1).matmul(v.select(2, t).unsqueeze(-2));
      memory = memory.mul(decay.select(2, t).exp().unsqueeze(-1).unsqueeze(-1)).add(written);
      outputs.add(q.select(2, t).unsqueeze(-2).matmul(memory));
    }
    Tensor output = Tensor.cat(outputs, 2);
    assertClose(read.output(), output);
    assertClose(read.memory(), memory);
    Tensor seed = normal(2, 3, length, 2);
    List<Tensor> found =
        Gradients.of(read.output().mul(seed).sum().add(read.memory().square().sum()), inputs);
    List<Tensor> exact = Gradients.of(output.mul(seed).sum().add(memory.square().sum()), inputs);
    for (int i = 0; i < inputs.size(); i++) {
      assertClose(found.get(i), exact.get(i));
    }
  }

  /** α = 1/2: 1, then 1/2 + 2, then 5/4 + 4. */
  @Test
  void one_channel_by_hand() {
    Tensor one = Tensor.ones(Shape.of(1, 1, 3, 1), DType.F64);
    Tensor v = Tensor.of(new double[] {1, 2, 4}, 1, 1, 3, 1);
    Tensor half = Tensor.full(Shape.of(1, 1, 3), -Math.log(2), DType.F64);
    assertClose(
        DecayingMemory.apply(one, one, v, half, null).output(),
        Tensor.of(new double[] {1, 2.5, 5.25}, 1, 1, 3, 1));
  }

  private static Mamba2Choices choices(Gating gating) {
    return new Mamba2Choices(
        true,
        true,
        true,
        Activation.SILU,
        gating,
        1e-5,
        0,
        Double.POSITIVE_INFINITY,
        List.of(0.9, 0.8, 1.1, 1.2, 0.7));
  }

  @ParameterizedTest
  @EnumSource(Gating.class)
  void token_by_token_equals_all_at_once_and_every_parameter_learns(Gating gating) {
    Weights weights = Weights.initialise(generator, DType.F64);
    try (Mamba2Block block = new Mamba2Block(weights, SIZES, choices(gating))) {
      Tensor x = normal(2, 6, 5).requiresGrad(true);
      ConvolvedState state = block.start(2);
      List<Tensor> outputs = new ArrayList<>();
      for (int t = 0; t < 6; t++) {
        Mamba2Block.Result result = block.apply(x.narrow(1, t, 1), state);
        outputs.add(result.output());
        state = result.state();
      }
      assertThat(state.memory().shape()).isEqualTo(Shape.of(2, 4, 3, 7));
      assertClose(Tensor.cat(outputs, 1), block.apply(x));
      List<Tensor> inputs = new ArrayList<>(block.trainable().values());
      inputs.add(x);
      Tensor seed = normal(2, 6, 5);
      GradientCheck.check(() -> block.apply(x).mul(seed).sum(), inputs, 1e-6);
    }
  }

  /** What the map reads from what passed the convolution is what the block scans. */
  @Test
  void the_effective_map_looks_back_only_and_fades() {
    Weights weights = Weights.initialise(generator, DType.F64);
    try (Mamba2Block block = new Mamba2Block(weights, SIZES)) {
      Tensor map = block.effectiveMap(normal(1, 11, 5));
      assertThat(map.shape()).isEqualTo(Shape.of(1, 4, 11, 11));
      assertThat(map.triu(1).abs().max().item()).isZero();
      assertThat(map.abs().max().item()).isPositive();
    }
  }

  @Test
  void wrong_choices_are_refused() {
    assertThatThrownBy(() -> new Mamba2Config(5, 4, 3, 7, 3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("groups that divide the heads");
    assertThatThrownBy(() ->
            new Mamba2Choices(
                false, false, true, Activation.SILU, Gating.NO_NORM, 1e-5, 2, 1, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("limits of the step in order, got 2.0 and 1.0");
    assertThatThrownBy(() ->
            new Mamba2Choices(
                false, false, true, Activation.SILU, Gating.NO_NORM, 1e-5, 0, 1, List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none or 5 multipliers");
  }
}
