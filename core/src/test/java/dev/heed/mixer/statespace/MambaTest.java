package dev.heed.mixer.statespace;

import static dev.heed.fixture.TensorAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class MambaTest {
  private static final MambaConfig SIZES = new MambaConfig(5, 3, 2, 2, 4);
  private static final int LENGTH = 13;

  private final Generator generator = new Generator(17);
  private TensorScope scope;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 31})
  void the_scan_is_the_recurrence(int length) {
    Tensor a = Tensor.rand(generator, Shape.of(2, 3, length), DType.F64);
    Tensor b = Tensor.randn(generator, Shape.of(2, 3, length), DType.F64);
    Tensor start = Tensor.randn(generator, Shape.of(2, 3), DType.F64);
    List<Tensor> states = new ArrayList<>();
    Tensor state = start;
    for (int t = 0; t < length; t++) {
      state = a.select(-1, t).mul(state).add(b.select(-1, t));
      states.add(state);
    }
    assertClose(LinearScan.apply(a, b, start), Tensor.stack(states, -1));
  }

  @Test
  void token_by_token_equals_all_at_once() {
    try (MambaBlock block = block()) {
      Tensor x = Tensor.randn(generator, Shape.of(2, LENGTH, 5), DType.F64);
      ConvolvedState state = block.start(2);
      List<Tensor> outputs = new ArrayList<>();
      for (int t = 0; t < LENGTH; t++) {
        MambaBlock.Result result = block.apply(x.narrow(1, t, 1), state);
        outputs.add(result.output());
        state = result.state();
      }
      assertClose(Tensor.cat(outputs, 1), block.apply(x));
    }
  }

  @Test
  void the_future_changes_nothing_before_it() {
    try (MambaBlock block = block()) {
      Tensor x = Tensor.randn(generator, Shape.of(2, LENGTH, 5), DType.F64);
      Tensor future = Tensor.randn(generator, Shape.of(2, LENGTH - 7, 5), DType.F64);
      Tensor changed = Tensor.cat(List.of(x.narrow(1, 0, 7), future), 1);
      assertClose(block.apply(changed).narrow(1, 0, 7), block.apply(x).narrow(1, 0, 7));
    }
  }

  @Test
  void a_text_in_two_parts_gives_the_same_logits() {
    Weights weights = Weights.initialise(generator, DType.F64);
    try (Mamba mamba = new Mamba(weights, SIZES, 11, 2)) {
      Tensor ids = Tensor.randint(generator, 11, Shape.of(3, 7));
      Mamba.Result first = mamba.apply(ids.narrow(1, 0, 4), mamba.start(3));
      Mamba.Result second = mamba.apply(ids.narrow(1, 4, 3), first.states());
      assertClose(Tensor.cat(List.of(first.logits(), second.logits()), 1), mamba.apply(ids));
    }
  }

  @Test
  void one_channel_by_hand() {
    // Δ = 1, A = −ln 2, B = C = 1: h = h/2 + u
    SelectiveScan scan =
        new SelectiveScan(Tensor.of(new double[] {-Math.log(2)}, 1, 1), null, null, false);
    Tensor one = Tensor.ones(Shape.of(1, 1, 3), DType.F64);
    Tensor u = Tensor.of(new double[] {4, 2, 1}, 1, 1, 3);
    assertClose(
        scan.apply(u, one, one, one, null, null).output(),
        Tensor.of(new double[] {4, 4, 3}, 1, 1, 3));
  }

  /** Stretches that are computed again for the gradients give those of one scan over everything. */
  @Test
  void a_long_sequence_is_scanned_in_stretches() {
    int length = (int) (2 * SelectiveScan.STRETCH + 7);
    Tensor a = Tensor.rand(generator, Shape.of(3, 2), DType.F64).neg().requiresGrad(true);
    Tensor u = Tensor.randn(generator, Shape.of(2, 3, length), DType.F64).requiresGrad(true);
    Tensor step = Tensor.rand(generator, Shape.of(2, 3, length), DType.F64).requiresGrad(true);
    Tensor b = Tensor.randn(generator, Shape.of(2, 2, length), DType.F64).requiresGrad(true);
    Tensor c = Tensor.randn(generator, Shape.of(3, 2), DType.F64).requiresGrad(true);
    Tensor state = Tensor.randn(generator, Shape.of(2, 3, 2), DType.F64).requiresGrad(true);
    Tensor weights = Tensor.randn(generator, Shape.of(2, 3, length), DType.F64);
    List<Tensor> inputs = List.of(a, u, step, b, c, state);
    SelectiveScan.Result found =
        new SelectiveScan(a, null, null, false).apply(u, step, b, c, null, state);
    Tensor decay = step.unsqueeze(2).mul(a.unsqueeze(-1)).exp();
    Tensor drive = step.mul(u).unsqueeze(2).mul(b.unsqueeze(1));
    Tensor states = LinearScan.apply(decay, drive, state);
    Tensor y = states.mul(c.unsqueeze(-1)).sum(2, false);
    assertClose(found.output(), y);
    assertClose(found.state(), states.select(-1, length - 1));
    Tensor loss = found.output().mul(weights).sum().add(found.state().square().sum());
    Tensor expected = y.mul(weights).sum().add(states.select(-1, length - 1).square().sum());
    List<Tensor> gradients = Gradients.of(loss, inputs);
    List<Tensor> exact = Gradients.of(expected, inputs);
    for (int i = 0; i < inputs.size(); i++) {
      assertClose(gradients.get(i), exact.get(i));
    }
  }

  @Test
  void groups_must_divide_the_channels() {
    SelectiveScan scan =
        new SelectiveScan(Tensor.zeros(Shape.of(3, 1), DType.F64), null, null, true);
    Tensor u = Tensor.zeros(Shape.of(1, 3, 2), DType.F64);
    Tensor grouped = Tensor.zeros(Shape.of(1, 2, 1, 2), DType.F64);
    assertThatThrownBy(() -> scan.apply(u, u, grouped, grouped, null, null))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("groups that divide the 3 channels");
  }

  private MambaBlock block() {
    return new MambaBlock(Weights.initialise(generator, DType.F64), SIZES);
  }
}
