package dev.heed.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TraceTest {
  private static Tensor run(Tensor x, Trace trace) {
    Tensor doubled = trace.visit("layer.0.doubled", x.mul(2));
    return trace.visit("layer.0.sum", doubled.sum());
  }

  @Test
  void records_what_was_asked_for() {
    try (TensorScope scope = TensorScope.open();
        Trace trace = Trace.record(name -> name.endsWith("doubled"))) {
      TensorScope.run(() -> run(Tensor.of(new float[] {1, 2}), trace));
      assertThat(trace.values()).containsOnlyKeys("layer.0.doubled");
      assertThat(trace.value("layer.0.doubled").toFloatArray()).containsExactly(2, 4);
      assertThat(trace.wants("layer.0.sum")).isFalse();
      assertThatThrownBy(() -> trace.value("layer.0.sum"))
          .hasMessageContaining("recorded are [layer.0.doubled]");
      assertThat(scope).isNotNull();
    }
  }

  @Test
  void replaces_and_patches() {
    try (TensorScope scope = TensorScope.open();
        Trace replaced = Trace.changing().replace("layer.0.doubled", x -> x.mul(10));
        Trace patched =
            Trace.changing().patch("layer.0.doubled", Tensor.of(new float[] {100, 1}))) {
      Tensor x = Tensor.of(new float[] {1, 2});
      assertThat(run(x, Trace.NONE).item()).isEqualTo(6);
      assertThat(run(x, replaced).item()).isEqualTo(60);
      assertThat(run(x, patched).item()).isEqualTo(101);
      assertThat(scope).isNotNull();
    }
    assertThatThrownBy(() -> Trace.NONE.replace("a", x -> x))
        .hasMessageContaining("Trace.changing()");
  }

  @Test
  void changes_of_one_point_follow_each_other() {
    try (TensorScope scope = TensorScope.open();
        Trace both =
            Trace.changing()
                .replace("layer.0.doubled", x -> x.mul(10))
                .replace("layer.0.doubled", x -> x.add(1));
        Trace put =
            Trace.changing()
                .replace("layer.0.doubled", x -> x.mul(10))
                .patch("layer.0.doubled", Tensor.of(new float[] {100, 1}))
                .replace("layer.0.doubled", x -> x.add(1))) {
      Tensor x = Tensor.of(new float[] {1, 2});
      assertThat(run(x, both).item()).isEqualTo(62);
      assertThat(run(x, put).item()).isEqualTo(103);
      assertThat(scope).isNotNull();
    }
  }

  @Test
  void only_training_drops_out() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(4)) {
      Tensor x = Tensor.ones(Shape.of(101), DType.F32);
      Dropout dropout = new Dropout(0.5);
      assertThat(dropout.apply(x, Trace.NONE)).isSameAs(x);
      Tensor dropped = dropout.apply(x, Trace.training(generator));
      assertThat(dropped.eq(0).any().itemLong()).isEqualTo(1);
      assertThat(dropped.max().item()).isEqualTo(2);
      assertThat(scope).isNotNull();
    }
    assertThatThrownBy(() -> new Dropout(1)).hasMessageContaining("expected a probability");
  }
}
