package dev.heed.bench.mechanisms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.bench.mechanisms.GrowthFit.Point;
import dev.heed.mixer.catalogue.Growth;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class GrowthFitTest {
  private static final int[] LENGTHS = {512, 1024, 2048, 4096, 8192, 16384};

  private static List<Point> points(Growth growth, double constant) {
    return IntStream.of(LENGTHS)
        .mapToObj(n -> new Point(n, constant + 3e-5 * GrowthFit.cost(growth, n)))
        .toList();
  }

  private static GrowthFit fit(List<Point> points) {
    return Objects.requireNonNull(GrowthFit.of(points));
  }

  @Test
  void powers_give_their_exponents() {
    assertThat(fit(points(Growth.QUADRATIC, 0)).slope()).isCloseTo(2, within(1e-12));
    assertThat(fit(points(Growth.N_ROOT_N, 0)).slope()).isCloseTo(1.5, within(1e-12));
    assertThat(fit(points(Growth.LINEAR, 0)).slope()).isCloseTo(1, within(1e-12));
  }

  @Test
  void a_logarithm_is_a_little_more_than_linear() {
    // By hand: log₂ of 14 ln 2 / 12 ln 2 over two doublings, from 2¹² to 2¹⁴.
    double slope = 1 + Math.log(14 / 12.0) / Math.log(4);
    assertThat(fit(points(Growth.N_LOG_N, 0)).slope()).isCloseTo(slope, within(1e-3));
  }

  @Test
  void what_does_not_depend_on_the_length_weighs_little() {
    GrowthFit fit = fit(points(Growth.QUADRATIC, 20));
    assertThat(fit.points()).isEqualTo(3);
    assertThat(fit.slope()).isBetween(1.9, 2.0);
  }

  @Test
  void fewer_than_two_lengths_show_no_growth() {
    assertThat(GrowthFit.of(List.of(new Point(512, 1)))).isNull();
    assertThat(GrowthFit.published(Growth.LINEAR, List.of())).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {2048, 4096})
  void a_forecast_continues_what_two_lengths_show(int length) {
    Forecast forecast = new Forecast(Growth.LINEAR);
    assertThat(forecast.at(length)).isNaN();
    forecast.saw(512, 10);
    assertThat(forecast.at(length)).as("published").isEqualTo(10 * length / 512.0);
    forecast.saw(1024, 30);
    double exponent = Math.log(3) / Math.log(2);
    assertThat(forecast.at(length))
        .as("measured")
        .isCloseTo(30 * Math.pow(length / 1024.0, exponent), within(1e-9));
  }

  @Test
  void a_forecast_grows_by_a_power_between_one_and_two() {
    Forecast steep = new Forecast(Growth.LINEAR);
    steep.saw(512, 1);
    steep.saw(1024, 100);
    assertThat(steep.at(2048)).isEqualTo(400);
    Forecast falling = new Forecast(Growth.QUADRATIC);
    falling.saw(512, 100);
    falling.saw(1024, 50);
    assertThat(falling.at(4096)).isEqualTo(200);
    Forecast fromNothing = new Forecast(Growth.QUADRATIC);
    fromNothing.saw(512, 0);
    fromNothing.saw(1024, 5);
    assertThat(fromNothing.at(2048)).isEqualTo(20);
  }
}
