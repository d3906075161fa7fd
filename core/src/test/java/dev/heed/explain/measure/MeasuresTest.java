package dev.heed.explain.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TensorAssert;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MeasuresTest {
  @Test
  void one_head_that_looks_back_is_told_from_one_that_looks_everywhere() {
    try (TensorScope scope = TensorScope.open()) {
      double[] back = {1, 0, 0, 1, 0, 0, 0, 1, 0};
      double third = 1.0 / 3;
      double[] everywhere = {third, third, third, third, third, third, third, third, third};
      Tensor attention =
          Tensor.stack(List.of(Tensor.of(back, 3, 3), Tensor.of(everywhere, 3, 3)), 0)
              .unsqueeze(0)
              .unsqueeze(0);
      HeadStatistics heads = new HeadStatistics(attention, new int[] {3}, false, null);
      TensorAssert.assertValues(heads.mean(HeadStatistic.PREVIOUS), 1, third);
      TensorAssert.assertValues(heads.mean(HeadStatistic.ENTROPY), 0, Math.log(3));
      TensorAssert.assertValues(heads.mean(HeadStatistic.NORMALIZED_ENTROPY), 0, 1);
      TensorAssert.assertValues(heads.mean(HeadStatistic.DISTANCE), 2 * third, 8.0 / 9);
      assertThat(heads.mean(HeadStatistic.atDistance(3)).isNan().all().item()).isEqualTo(1);
      assertThatThrownBy(() -> heads.mean(HeadStatistic.SAME_TOKEN))
          .hasMessageContaining("expected token ids");
      HeadStatistics causal = new HeadStatistics(attention, new int[] {3}, true, null);
      assertThatThrownBy(() -> causal.mean(HeadStatistic.NEXT)).hasMessageContaining("got causal");
      assertThatThrownBy(() ->
              HeadStatistics.of(attention, Tensor.of(new long[] {0, 1, 1}, 1, 3), false, null))
          .hasMessageContaining("padding before token 1");
    }
  }

  @Test
  void a_representation_is_like_itself_turned_and_scaled() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(5)) {
      Tensor x = Tensor.randn(generator, Shape.of(13, 3), DType.F64);
      Tensor turned = Tensor.cat(List.of(x.narrow(1, 2, 1), x.narrow(1, 0, 2)), 1).mul(-7).add(2);
      assertThat(CentredKernelAlignment.linear(x, turned)).isCloseTo(1, within(1e-9));
      assertThat(CentredKernelAlignment.linearUnbiased(x, turned)).isCloseTo(1, within(1e-9));
      assertThat(CentredKernelAlignment.gaussian(x, turned, 0.5)).isCloseTo(1, within(1e-9));
      assertThatThrownBy(() -> CentredKernelAlignment.linear(x, turned.narrow(0, 0, 5)))
          .hasMessageContaining("as many in both");
    }
  }

  @Test
  void divergences_of_what_has_nothing_in_common_are_largest() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor p = Tensor.of(new double[] {1, 0, 0}, 3);
      Tensor q = Tensor.of(new double[] {0, 0.5, 0.5}, 3);
      assertThat(Divergence.totalVariation(p, q).item()).isEqualTo(1);
      assertThat(Divergence.jensenShannon(p, q).item()).isCloseTo(Math.log(2), within(1e-12));
      assertThat(Divergence.kullbackLeibler(p, q).item()).isInfinite();
      assertThat(Divergence.kullbackLeibler(p, p).item()).isZero();
    }
  }
}
