package dev.heed.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.evaluate.ForecastErrors.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ForecastErrorsTest {
  private static final double NONE = Double.NaN;

  private static Window window(double[][] came, double[][] said, double... scales) {
    SequencedMap<String, double[][]> ways = new LinkedHashMap<>();
    ways.put("", said);
    return new Window(came, ways, scales);
  }

  @Test
  void errors_are_means_over_what_was_observed() {
    Window first = window(new double[][] {{1, 2, NONE}}, new double[][] {{2, 0, 7}}, 1);
    Window second = window(new double[][] {{5, 5, 5}}, new double[][] {{5, 6, 9}}, 2);
    CorpusMeasure measure = ForecastErrors.measure(List.of(first, second));
    // 1, 4; 0, (1/2)², (4/2)²
    assertThat(measure.value("mse")).isCloseTo((1 + 4 + 0 + 0.25 + 4) / 5, within(1e-12));
    assertThat(measure.value("mae")).isCloseTo((1 + 2 + 0 + 0.5 + 2) / 5, within(1e-12));
    assertThat(measure.ofItem(0).get("mse")).isCloseTo(2.5, within(1e-12));
  }

  @Test
  void what_was_seen_is_said_again() {
    double[][] seen = {{1, 2, 3, 4, NONE}};
    assertThat(ForecastErrors.repeatLast(seen, 3)[0]).containsExactly(4, 4, 4);
    assertThat(ForecastErrors.seasonal(seen, 3, 4)[0]).containsExactly(3, 4, 2, 3);
    assertThat(ForecastErrors.seasonal(new double[][] {{NONE, 7}}, 2, 3)[0])
        .containsExactly(NONE, 7, NONE);
    assertThatThrownBy(() -> ForecastErrors.seasonal(seen, 0, 3))
        .hasMessageContaining("season: expected 1 step or more, got 0");
  }

  @Test
  void deviations_are_of_what_was_observed() {
    assertThat(ForecastErrors.deviation(new double[] {1, NONE, 5})).isEqualTo(2);
    assertThat(ForecastErrors.deviation(new double[] {3, 3})).isEqualTo(1);
  }
}
