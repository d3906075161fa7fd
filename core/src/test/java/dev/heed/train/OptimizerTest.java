package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.Adafactor;
import dev.heed.train.optim.Adam;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.Clip;
import dev.heed.train.optim.Clipping;
import dev.heed.train.optim.Moments;
import dev.heed.train.optim.Muon;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import dev.heed.train.optim.Sgd;
import dev.heed.train.optim.UpdateRule;
import dev.heed.train.schedule.OneCycle;
import dev.heed.train.schedule.Schedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class OptimizerTest {
  private static final Clipping UNCLIPPED = Clip.NONE.measure(List.of());

  private static Map<String, Tensor> random(long seed, DType dtype) {
    try (Generator generator = new Generator(seed)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("wide.weight", Tensor.randn(generator, Shape.of(131, 257), dtype));
      tensors.put("tall.weight", Tensor.randn(generator, Shape.of(67, 5), dtype));
      return tensors;
    }
  }

  private static Tensor named(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static void steps(Optimizer optimizer, int from, int to, DType dtype) {
    for (int step = from; step < to; step++) {
      try (TensorScope scope = TensorScope.open()) {
        Map<String, Tensor> gradients = random(100 + step, dtype);
        optimizer.step(gradients, Clip.norm(1).measure(gradients.values()), Schedule.CONSTANT);
      }
    }
  }

  @Test
  void a_parameter_without_a_gradient_is_left_alone_and_does_not_count() {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> parameters = random(1, DType.F32);
      Tensor before = named(parameters, "tall.weight").copy();
      try (Optimizer optimizer =
          new Optimizer(ParameterGroup.all(parameters, new AdamW(0.5), 0.1))) {
        Map<String, Tensor> gradients = random(2, DType.F32);
        gradients.remove("tall.weight");
        optimizer.step(gradients, UNCLIPPED, Schedule.CONSTANT);
        TensorAssert.assertEqual(named(parameters, "tall.weight"), before);
        assertThat(named(optimizer.state(), "tall.weight.step").itemLong()).isZero();
        assertThat(named(optimizer.state(), "wide.weight.step").itemLong()).isOne();
      }
    }
  }

  @Test
  void a_restored_optimiser_goes_on_to_the_bit() {
    for (UpdateRule rule :
        List.of(new AdamW(0.1), new Sgd(0.9), new Adafactor(), new Muon(0.9, 0.1))) {
      for (DType dtype : List.of(DType.F32, DType.BF16)) {
        try (TensorScope scope = TensorScope.open()) {
          Map<String, Tensor> through = random(1, dtype);
          Map<String, Tensor> resumed = new LinkedHashMap<>();
          Map<String, Tensor> saved = new LinkedHashMap<>();
          try (Optimizer optimizer = new Optimizer(ParameterGroup.all(through, rule, 0.1))) {
            steps(optimizer, 0, 3, dtype);
            optimizer.state().forEach((name, tensor) -> saved.put(name, tensor.copy()));
            through.forEach((name, tensor) -> resumed.put(name, tensor.copy()));
            steps(optimizer, 3, 5, dtype);
          }
          try (Optimizer optimizer = new Optimizer(ParameterGroup.all(resumed, rule, 0.1))) {
            optimizer.restore(WeightSource.of(saved));
            assertThat(optimizer.steps()).isEqualTo(3);
            steps(optimizer, 3, 5, dtype);
          }
          through.forEach((name, tensor) -> TensorAssert.assertEqual(named(resumed, name), tensor));
        }
      }
    }
  }

  @Test
  void small_steps_reach_half_precision_through_the_master_copy() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor half = Tensor.full(Shape.of(3), 1, DType.BF16);
      Map<String, Tensor> gradient = Map.of("w", Tensor.full(Shape.of(3), 1, DType.BF16));
      try (Optimizer optimizer =
          new Optimizer(ParameterGroup.all(Map.of("w", half), new Sgd(0), 1e-3))) {
        optimizer.step(gradient, UNCLIPPED, Schedule.CONSTANT);
        TensorAssert.assertValues(half, 1, 1, 1); // 0.999 is nearer to 1 than to 1 - 2^-8
        for (int step = 1; step < 4; step++) {
          optimizer.step(gradient, UNCLIPPED, Schedule.CONSTANT);
        }
        double next = 1 - 0x1p-8;
        assertThat(half.toDoubleArray()).containsExactly(next, next, next);
        assertThat(named(optimizer.state(), "w.master").dtype()).isEqualTo(DType.F32);
      }
    }
  }

  @Test
  void half_precision_is_rounded_as_libtorch_rounds() {
    for (DType dtype : List.of(DType.BF16, DType.F16)) {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(5)) {
        Tensor start = Tensor.randn(generator, Shape.of(4099), DType.F32);
        Tensor half = start.to(dtype);
        Tensor gradient = Tensor.randn(generator, Shape.of(4099), DType.F32);
        try (Optimizer optimizer =
            new Optimizer(ParameterGroup.all(Map.of("w", half), new Sgd(0), 1e-2))) {
          optimizer.step(Map.of("w", gradient), UNCLIPPED, Schedule.CONSTANT);
          TensorAssert.assertEqual(half, named(optimizer.state(), "w.master").to(dtype));
        }
      }
    }
  }

  @Test
  void the_bits_do_not_depend_on_the_number_of_threads() {
    int before = Backend.threads();
    try (TensorScope scope = TensorScope.open()) {
      for (UpdateRule rule : List.of(new AdamW(0.1), new Adafactor(), new Muon(0.9, 0.1))) {
        Map<String, Tensor> alone = random(1, DType.F32);
        Map<String, Tensor> shared = random(1, DType.F32);
        Backend.threads(1);
        try (Optimizer optimizer = new Optimizer(ParameterGroup.all(alone, rule, 0.1))) {
          steps(optimizer, 0, 3, DType.F32);
        }
        Backend.threads(2);
        try (Optimizer optimizer = new Optimizer(ParameterGroup.all(shared, rule, 0.1))) {
          steps(optimizer, 0, 3, DType.F32);
        }
        alone.forEach((name, tensor) -> TensorAssert.assertEqual(named(shared, name), tensor));
      }
    } finally {
      Backend.threads(before);
    }
  }

  @Test
  void gradients_that_are_no_numbers_show_in_the_norm() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor bad = Tensor.of(new float[] {1, Float.NaN, 2});
      Tensor endless = Tensor.of(new float[] {1, Float.NEGATIVE_INFINITY});
      assertThat(Clip.NONE.measure(List.of(bad)).norm()).isNaN();
      assertThat(new Clip.Norm(1, Double.POSITIVE_INFINITY).measure(List.of(bad)).norm()).isNaN();
      assertThat(Clip.norm(1).measure(List.of(endless)).norm()).isInfinite();
      assertThat(Clip.norm(1).measure(List.of()).norm()).isZero();
    }
  }

  @Test
  void the_norm_reads_any_layout() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor gradient = Tensor.arange(6, DType.F32).reshape(2, 3).transpose(0, 1);
      assertThat(Clip.NONE.measure(List.of(gradient, gradient)).norm())
          .isEqualTo(Math.sqrt(2 * 55));
    }
  }

  @Test
  void what_does_not_fit_is_refused() {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> parameters = random(1, DType.F32);
      Tensor bias = Tensor.zeros(Shape.of(7), DType.F32);
      assertThatThrownBy(
              () -> new Optimizer(ParameterGroup.all(Map.of("bias", bias), new Muon(0.9, 0), 1)))
          .hasMessage(
              "muon: expected a parameter with two dimensions or more, got [7]; put biases, gains"
                  + " and scalars in a group with another rule");
      assertThatThrownBy(() ->
              new Optimizer(
                  List.of(
                      new ParameterGroup("a", Map.of("one", bias), new Sgd(0), 1),
                      new ParameterGroup("b", Map.of("two", bias), new Sgd(0), 1))))
          .hasMessage("optimiser: expected each parameter once, got two twice");
      try (Optimizer optimizer = new Optimizer(ParameterGroup.all(parameters, new Sgd(0), 1))) {
        assertThatThrownBy(
                () -> optimizer.step(Map.of("other", bias), UNCLIPPED, Schedule.CONSTANT))
            .hasMessage(
                "gradient of other: expected one of [tall.weight, wide.weight], got f32[7]");
        assertThatThrownBy(() -> optimizer.step(Map.of(), UNCLIPPED, new OneCycle(10)))
            .hasMessageContaining("moves the momentum: expected a rule that has one, got Sgd");
        assertThatThrownBy(() -> optimizer.restore(WeightSource.of(Map.of("steps", bias))))
            .hasMessage(
                "the saved state does not fit this optimiser: missing [i64[1] steps,"
                    + " tall.weight.step, wide.weight.step], left over [f32[7] steps]; restore it"
                    + " with the options and parameters it was saved with");
      }
    }
  }

  @Test
  void adam_in_single_precision_is_adam() {
    for (UpdateRule rule : List.of(new AdamW(0.1), new Adam(Moments.USUAL, 0.1, false))) {
      for (Clip clip : List.of(Clip.norm(3), new Clip.Value(0.5))) {
        try (TensorScope scope = TensorScope.open()) {
          Map<String, Tensor> single = stepped(rule, clip, DType.F32);
          stepped(rule, clip, DType.F64)
              .forEach((name, expected) ->
                  TensorAssert.assertClose(
                      rule + " " + name,
                      named(single, name).to(DType.F64),
                      expected,
                      new Tolerance(2e-6, 2e-6)));
        }
      }
    }
  }

  /** The same numbers and gradients in either type. */
  private static Map<String, Tensor> stepped(UpdateRule rule, Clip clip, DType dtype) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    random(1, DType.F32).forEach((name, tensor) -> parameters.put(name, tensor.to(dtype)));
    try (Optimizer optimizer = new Optimizer(ParameterGroup.all(parameters, rule, 0.01))) {
      for (int step = 0; step < 12; step++) {
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        random(100 + step, DType.F32)
            .forEach((name, tensor) -> gradients.put(name, tensor.to(dtype)));
        optimizer.step(gradients, clip.measure(gradients.values()), Schedule.CONSTANT);
      }
    }
    return parameters;
  }
}
