package dev.heed.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class CorrelationTest {
  @Test
  void equals_hand_derived_values() {
    double[] x = {1, 2, 3, 4};
    assertThat(Correlation.pearson(x, new double[] {2, 4, 6, 8})).isCloseTo(1, within(1e-12));
    assertThat(Correlation.spearman(x, new double[] {1, 10, 100, 1000}))
        .isCloseTo(1, within(1e-12));
    assertThat(Correlation.spearman(x, new double[] {4, 3, 2, 1})).isCloseTo(-1, within(1e-12));
    // ranks of the second list: 0.5, 0.5, 2, 3
    assertThat(Correlation.spearman(x, new double[] {5, 5, 6, 7}))
        .isCloseTo(4.5 / Math.sqrt(5 * 4.5), within(1e-12));
    assertThatThrownBy(() -> Correlation.pearson(x, new double[3]))
        .hasMessageContaining("got 4 and 3");
  }
}
