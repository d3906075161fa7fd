package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RecomputedTest {
  @Test
  void runs_again_for_the_gradients_of_the_inputs_that_learn() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new double[] {2, 3, 5}, 3).requiresGrad(true);
      Tensor fixed = Tensor.of(new double[] {7, 11, 13}, 3);
      Tensor y = Tensor.of(new double[] {17}, 1).requiresGrad(true);
      AtomicInteger runs = new AtomicInteger();
      Tensor output =
          Recomputed.apply(
              List.of(x, fixed, y),
              in -> {
                runs.incrementAndGet();
                return in.get(0).square().mul(in.get(1)).add(in.get(2));
              });
      assertThat(output.toDoubleArray()).containsExactly(4 * 7 + 17, 9 * 11 + 17, 25 * 13 + 17);
      assertThat(runs).hasValue(1);
      List<Tensor> gradients = Gradients.of(output.sum(), List.of(x, y));
      assertThat(runs).hasValue(2);
      assertThat(gradients.get(0).toDoubleArray()).containsExactly(28, 66, 130);
      assertThat(gradients.get(1).toDoubleArray()).containsExactly(3);
    }
  }

  @Test
  void runs_once_when_nothing_learns() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new double[] {2}, 1);
      assertThat(Recomputed.apply(List.of(x), in -> in.getFirst().mul(3)).item()).isEqualTo(6);
    }
  }
}
