package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.Clip;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class LearningRateFinderTest {
  @Test
  void a_rate_is_found_and_the_model_left_as_it_was() {
    try (TensorScope scope = TensorScope.open();
        TinyRun run = new TinyRun(TrainingOptions.of(1), DType.F32)) {
      Map<String, Tensor> before = new LinkedHashMap<>();
      run.model.parameters().forEach((name, t) -> before.put(name, t.detach().copy()));
      LearningRateFinder.Result found =
          new LearningRateFinder(1e-5, 100, 60)
              .find(
                  run.model,
                  run.optimizer.groups(),
                  run::loss,
                  run.feed,
                  TrainingOptions.of(1).withClip(Clip.NONE));
      assertThat(found.suggestion()).isBetween(1e-4, 1.0);
      assertThat(found.curve()).hasSizeBetween(10, 60);
      assertThat(found.curve().getFirst().rate()).isEqualTo(1e-5);
      assertThat(found.curve().get(1).rate() / 1e-5)
          .isCloseTo(Math.pow(1e7, 1.0 / 59), org.assertj.core.data.Offset.offset(1e-9));
      run.model
          .parameters()
          .forEach((name, tensor) ->
              TensorAssert.assertClose(
                  name, tensor, Objects.requireNonNull(before.get(name)), Tolerance.NONE));
    }
  }

  @Test
  void rates_that_do_not_rise_are_refused() {
    assertThatThrownBy(() -> new LearningRateFinder(1, 0.1, 5))
        .hasMessageContaining("expected 0 < low < high and 2 or more updates, got 1.0, 0.1 and 5");
  }
}
