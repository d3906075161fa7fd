package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What LibTorch refuses, in our words. */
@Tag("unit")
class NativeErrorsTest {
  private static Tensor zeros(DType dtype, long... sizes) {
    return Tensor.zeros(Shape.of(sizes), dtype);
  }

  @Test
  void say_what_was_expected_and_what_came() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor weight = zeros(DType.F32, 5, 3);
      assertThatThrownBy(() -> zeros(DType.F32, 2, 7).linear(weight, null))
          .isInstanceOf(ShapeException.class)
          .hasMessage(
              "linear: expected an input [..., 3] for this weight, got f32[2, 7] and f32[5, 3]");
      assertThatThrownBy(() -> zeros(DType.I64, 2, 3).linear(weight, null))
          .isInstanceOf(TensorException.class)
          .hasMessage(
              "linear: expected operands of one type, got i64[2, 3] and f32[5, 3]; convert with"
                  + " to(…)");
      assertThatThrownBy(() -> zeros(DType.I64, 2, 3).softmax(-1))
          .hasMessage(
              "softmax: expected floating-point elements, got i64[2, 3]; convert with to(…)");
      assertThatThrownBy(() -> weight.embedding(zeros(DType.F32, 2), -1))
          .hasMessage("embedding: expected ids of i64 or i32, got f32[5, 3] and f32[2]");
      assertThatThrownBy(() -> weight.embedding(Tensor.of(new long[] {1, 5, -2}, 3), -1))
          .hasMessage(
              "embedding: expected ids from 0 to 4, got f32[5, 3] and i64[3] with ids from -2 to"
                  + " 5");
      assertThatThrownBy(() -> weight.matmul(zeros(DType.F32, 2, 2)))
          .isInstanceOf(ShapeException.class)
          .hasMessage(
              "matmul: expected the last size of the first to be the last but one of the second,"
                  + " got f32[5, 3] and f32[2, 2]");
      assertThatThrownBy(weight::backward)
          .hasMessage(
              "backward: expected a result of parameters that require gradients, got f32[5, 3]");
    }
  }
}
