package dev.heed.model.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.GradientCheck;
import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class DistributionTest {
  private static final int DRAWS = 40_000;

  private static Tensor of(double... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void log_gamma_is_that_of_known_numbers() {
    try (TensorScope scope = TensorScope.open()) {
      double[] found = LogGamma.of(of(0.5, 1, 5, 1e-3, 171, 1e6)).toDoubleArray();
      double[] known = {
        0.5 * Math.log(Math.PI),
        0,
        Math.log(24),
        6.907178885383854,
        706.5730622457874,
        12815504.569147612
      };
      for (int i = 0; i < known.length; i++) {
        assertThat(found[i]).isCloseTo(known[i], within(1e-13 * Math.max(1, Math.abs(known[i]))));
      }
      assertThat(LogGamma.of(5.0)).isCloseTo(Math.log(24), within(1e-13));
    }
  }

  @Test
  void densities_are_those_of_the_closed_forms() {
    try (TensorScope scope = TensorScope.open()) {
      // Γ(2) / (√(3π) · Γ(3/2)) at the centre, three degrees of freedom.
      Tensor t = Distribution.STUDENT_T.logDensity(List.of(of(3), of(1), of(2)), of(1));
      assertThat(Math.exp(t.item())).isCloseTo(0.36755259694786135 / 2, within(1e-14));
      Tensor normal = Distribution.NORMAL.logDensity(List.of(of(1), of(2)), of(3));
      double bell = Math.exp(-0.5) / (2 * Math.sqrt(2 * Math.PI));
      assertThat(Math.exp(normal.item())).isCloseTo(bell, within(1e-14));
      // Two failures at even odds: no success a quarter, one success 2/8.
      Tensor counts =
          Distribution.NEGATIVE_BINOMIAL.logDensity(
              List.of(of(2, 2, 2), of(0, 0, Math.log(3))), of(0, 1, 2));
      double[] found = counts.exp().toDoubleArray();
      assertThat(found[0]).isCloseTo(0.25, within(1e-14));
      assertThat(found[1]).isCloseTo(0.25, within(1e-14));
      assertThat(found[2]).isCloseTo(3 * 0.75 * 0.75 / 16, within(1e-14));
    }
  }

  @ParameterizedTest
  @EnumSource(Distribution.class)
  void gradients_reach_every_parameter(Distribution distribution) {
    try (TensorScope scope = TensorScope.open()) {
      List<Tensor> raw =
          java.util.stream.IntStream.range(0, distribution.count())
              .mapToObj(i -> of(0.3 - i, 1.1 + i, -0.7))
              .toList();
      Tensor x = of(2, 0, 5);
      GradientCheck.check(
          () -> distribution.logDensity(distribution.domain(raw), x).sum(), raw, 1e-6);
    }
  }

  @Test
  void draws_have_the_mean_and_the_spread_of_the_distribution_on_the_values_scale() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(17)) {
      Scale scale = new Scale(of(5), of(3));
      Tensor ones = Tensor.ones(dev.heed.tensor.Shape.of(DRAWS), DType.F64);
      List<Tensor> t = List.of(ones.mul(9), ones.mul(0.5), ones.mul(2));
      moments(new Outlook(Distribution.STUDENT_T, t, scale).draw(random), 6.5, 36 * 9 / 7.0);
      List<Tensor> bell = List.of(ones.mul(-1), ones.mul(0.5));
      moments(new Outlook(Distribution.NORMAL, bell, scale).draw(random), 2, 2.25);
      // Failures r at odds of 2 times the scale 3: mean r·6, variance r·6·7.
      for (double failures : new double[] {0.4, 1.5, 30}) {
        List<Tensor> counts = List.of(ones.mul(failures), ones.mul(Math.log(2)));
        Outlook outlook = Outlook.of(Distribution.NEGATIVE_BINOMIAL, counts, scale);
        Tensor drawn = outlook.draw(random);
        moments(drawn, failures * 6, failures * 6 * 7);
        assertThat(drawn.sub(drawn.floor()).abs().max().item()).isZero();
      }
    }
  }

  private static void moments(Tensor drawn, double mean, double variance) {
    assertThat(drawn.mean().item()).isCloseTo(mean, within(5 * Math.sqrt(variance / DRAWS)));
    assertThat(drawn.var(0, true, false).item()).isCloseTo(variance, within(0.08 * variance));
  }

  @Test
  void the_same_seed_draws_the_same() {
    try (TensorScope scope = TensorScope.open();
        Generator a = new Generator(3);
        Generator b = new Generator(3)) {
      List<Tensor> parameters = List.of(of(3, 4), of(0, 1), of(1, 2));
      Outlook outlook = new Outlook(Distribution.STUDENT_T, parameters, null);
      assertThat(outlook.draw(a).toDoubleArray()).isEqualTo(outlook.draw(b).toDoubleArray());
    }
  }

  @Test
  void a_scaled_density_is_that_of_the_unscaled_value() {
    try (TensorScope scope = TensorScope.open()) {
      List<Tensor> parameters = List.of(of(0.5), of(2));
      Outlook outlook = new Outlook(Distribution.NORMAL, parameters, new Scale(of(5), of(3)));
      // N(0.5·3 + 5, 2·3)
      Tensor direct = Distribution.NORMAL.logDensity(List.of(of(6.5), of(6)), of(8));
      assertThat(outlook.logDensity(of(8)).item()).isCloseTo(direct.item(), within(1e-14));
    }
  }
}
