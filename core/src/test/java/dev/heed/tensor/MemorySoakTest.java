package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand training steps leave handles and resident size flat. */
@Tag("soak")
class MemorySoakTest {
  private static final int STEPS = 1000;
  private static final long ALLOWED_GROWTH = 64L << 20;

  @Test
  void handles_and_resident_size_stay_flat() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(17)) {
      Tensor weight = Tensor.randn(generator, 257, 263).requiresGrad(true);
      for (int i = 0; i < STEPS; i++) {
        step(weight, generator);
      }
      long handles = TensorScope.liveHandles();
      long resident = Backend.residentBytes();
      for (int i = 0; i < STEPS; i++) {
        step(weight, generator);
      }
      assertThat(TensorScope.liveHandles()).isEqualTo(handles);
      assertThat(Backend.residentBytes() - resident).isLessThan(ALLOWED_GROWTH);
      assertThat(scope).isNotNull();
    }
  }

  private static void step(Tensor weight, Generator generator) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.randn(generator, 31, 263);
      Tensor y =
          CustomGradient.apply(
              List.of(weight),
              () -> new CustomGradient.Forward(x.linear(weight, null), List.of(x)),
              (grad, saved) -> List.of(grad.transpose(0, 1).matmul(saved.getFirst())));
      Tensor loss = y.tanh().square().mean();
      Tensor gradient = Gradients.of(loss, List.of(weight)).getFirst();
      Gradients.disabled(() -> weight.addInPlace(gradient, -0.1));
      assertThat(scope).isNotNull();
    }
  }
}
