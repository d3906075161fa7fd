package dev.heed.attention.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RotaryScalingTest {
  private static final Offset<Double> EXACT = within(1e-12);

  @Test
  void llama3_keeps_fast_pairs_divides_slow_ones_and_mixes_between() {
    // Base 4 with three pairs: frequencies 1, 4^(-1/3), 4^(-2/3), so many turns within 2π · 3.
    double second = Math.pow(4, -1 / 3.0);
    double third = Math.pow(4, -2 / 3.0);
    long trained = 19;
    double turns = 19 * second / (2 * Math.PI);
    RotaryScaling scaling =
        new Llama3Scaling(8, 19 * third / (2 * Math.PI), 19 / (2 * Math.PI), trained);
    double kept =
        (turns - 19 * third / (2 * Math.PI)) / (19 / (2 * Math.PI) - 19 * third / (2 * Math.PI));
    assertThat(scaling.frequencies(4, 6, 100))
        .containsExactly(new double[] {1, second * (kept + (1 - kept) / 8), third / 8}, EXACT);
    assertThat(scaling.magnitude()).isEqualTo(1);
  }

  @Test
  void yarn_ramps_between_the_pairs_that_turn_fast_and_those_that_turn_slowly() {
    // Base e^2 and 4 elements: the pair of r turns within L is ln(L / 2πr).
    double base = Math.exp(2);
    long trained = 100;
    double first = Math.log(100 / (8 * Math.PI));
    double last = Math.log(100 / (2 * Math.PI));
    RotaryScaling exact = new YarnScaling(5, trained, 4, 1, false, 1.5);
    double stretched = Math.clamp((1 - first) / (Math.min(last, 3) - first), 0, 1);
    assertThat(exact.frequencies(base, 4, 7))
        .containsExactly(new double[] {1, Math.exp(-1) * (1 - stretched + stretched / 5)}, EXACT);
    assertThat(exact.magnitude()).isEqualTo(1.5);
    // Whole pairs: from 1 to 3.
    RotaryScaling whole = new YarnScaling(5, trained, 4, 1, true, 1);
    assertThat(whole.frequencies(base, 4, 7))
        .containsExactly(new double[] {1, Math.exp(-1)}, EXACT);
    assertThat(YarnScaling.magnitude(1, 1)).isEqualTo(1);
    assertThat(YarnScaling.magnitude(Math.E, 2)).isEqualTo(1.2, EXACT);
  }

  @Test
  void longrope_has_factors_for_short_and_for_long_texts() {
    RotaryScaling scaling = new LongRopeScaling(List.of(1.0, 2.0), List.of(4.0, 8.0), 10, 1.25);
    assertThat(scaling.frequencies(100, 4, 10)).containsExactly(new double[] {1, 0.05}, EXACT);
    assertThat(scaling.frequencies(100, 4, 11)).containsExactly(new double[] {0.25, 0.0125}, EXACT);
    assertThat(LongRopeScaling.magnitude(16, 4)).isEqualTo(Math.sqrt(3), EXACT);
    assertThatThrownBy(() -> scaling.frequencies(100, 6, 1)).hasMessageContaining("3 pairs, got 2");
  }

  @Test
  void a_part_of_the_pairs_turns_at_the_frequencies_of_the_whole() {
    assertThat(new ProportionalRotary(0.5, 2).frequencies(16, 8, 1))
        .containsExactly(new double[] {0.5, 0.25, 0, 0}, EXACT);
  }

  @Test
  void values_out_of_range_are_refused() {
    assertThatThrownBy(() -> new Llama3Scaling(0.5, 1, 4, 8)).hasMessageContaining("got 0.5");
    assertThatThrownBy(() -> new Llama3Scaling(2, 4, 4, 8)).hasMessageContaining("4.0 and 4.0");
    assertThatThrownBy(() -> new YarnScaling(2, 0, 32, 1, true, 1)).hasMessageContaining("got 0");
    assertThatThrownBy(() -> new YarnScaling(2, 8, 1, 2, true, 1)).hasMessageContaining("2.0 and");
    assertThatThrownBy(() -> new YarnScaling(2, 8, 2, 1, true, 0)).hasMessageContaining("got 0.0");
    assertThatThrownBy(() -> new LongRopeScaling(List.of(1.0), List.of(), 8, 1))
        .hasMessageContaining("got 1 and 0");
    assertThatThrownBy(() -> new ProportionalRotary(1.5, 1)).hasMessageContaining("[0, 1]");
  }
}
