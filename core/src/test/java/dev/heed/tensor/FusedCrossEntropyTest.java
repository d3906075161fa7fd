package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The loss of a linear map's scores, and its gradients, against the single steps in double
 * precision.
 */
@Tag("unit")
class FusedCrossEntropyTest {
  private static final int SIZE = 7;

  private static Tensor targets(int rows, int words) {
    long[] targets = new long[rows];
    for (int i = 0; i < rows; i++) {
      targets[i] = (7919L * i + words - 1) % words;
    }
    return Tensor.of(targets);
  }

  private static List<Tensor> inputs(int rows, int words, boolean bias, DType type) {
    try (Generator random = new Generator(5)) {
      List<Tensor> inputs = new ArrayList<>();
      inputs.add(Tensor.randn(random, rows, SIZE).to(type));
      inputs.add(Tensor.randn(random, words, SIZE).to(type));
      if (bias) {
        inputs.add(Tensor.randn(random, words).to(type));
      }
      return inputs;
    }
  }

  private static Tensor fused(List<Tensor> inputs, Tensor targets) {
    Tensor bias = inputs.size() > 2 ? inputs.get(2) : null;
    return FusedCrossEntropy.apply(inputs.get(0), inputs.get(1), bias, targets);
  }

  private static Tensor plain(List<Tensor> inputs, Tensor targets) {
    Tensor bias = inputs.size() > 2 ? inputs.get(2) : null;
    return Loss.crossEntropy(inputs.get(0).linear(inputs.get(1), bias), targets);
  }

  private static void compare(List<Tensor> own, Tensor targets, int frozen, Tolerance close) {
    List<Tensor> wide = own.stream().map(tensor -> tensor.to(DType.F64)).toList();
    List<Tensor> learning = new ArrayList<>();
    List<Tensor> sure = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      if (i != frozen) {
        learning.add(own.get(i).requiresGrad(true));
        sure.add(wide.get(i).requiresGrad(true));
      }
    }
    Tensor loss = fused(own, targets);
    Tensor expected = plain(wide, targets);
    assertThat(loss.dtype()).isEqualTo(own.getFirst().dtype());
    TensorAssert.assertClose("loss", loss.to(DType.F64), expected, close);
    // of three times the loss, so that what arrives from above counts
    List<Tensor> gradients = Gradients.of(loss.mul(3), learning);
    List<Tensor> expectedGradients = Gradients.of(expected.mul(3), sure);
    // the processor's vectors decide in which order exponentials are summed: the same for both
    List<Tensor> singleSteps = Gradients.of(plain(own, targets).mul(3), learning);
    for (int i = 0; i < sure.size(); i++) {
      assertThat(gradients.get(i).dtype()).isEqualTo(learning.get(i).dtype());
      double scale = expectedGradients.get(i).abs().max().item();
      Tensor exact = expectedGradients.get(i);
      double noise = singleSteps.get(i).to(DType.F64).sub(exact).abs().max().item() / scale;
      TensorAssert.assertClose(
          "gradient " + i + " without " + frozen,
          gradients.get(i).to(DType.F64).div(scale),
          exact.div(scale),
          new Tolerance(close.relative(), close.absolute() + 2 * noise));
    }
  }

  // One piece; several, the last of which is short.
  @ParameterizedTest
  @CsvSource({"1, 5", "13, 29", "61, 40009"})
  void equals_the_single_steps(int rows, int words) {
    for (boolean bias : new boolean[] {false, true}) {
      for (int frozen = -1; frozen < (bias ? 3 : 2); frozen++) {
        try (TensorScope scope = TensorScope.open()) {
          compare(
              inputs(rows, words, bias, DType.F32),
              targets(rows, words),
              frozen,
              new Tolerance(1e-5, 2e-6));
        }
      }
    }
  }

  @Test
  void more_words_than_scores_are_held_make_pieces_of_one_row() {
    try (TensorScope scope = TensorScope.open()) {
      int words = (1 << 20) + 1;
      // sums of a million terms in single precision
      compare(inputs(2, words, true, DType.F32), targets(2, words), -1, new Tolerance(1e-3, 1e-3));
    }
  }

  @Test
  void keeps_the_precision_of_double_and_that_of_half_within_its_own() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor targets = targets(61, 40_009);
      compare(inputs(61, 40_009, true, DType.F64), targets, -1, new Tolerance(1e-12, 1e-12));
    }
    try (TensorScope scope = TensorScope.open()) {
      Tensor targets = targets(61, 40_009);
      compare(inputs(61, 40_009, true, DType.BF16), targets, -1, new Tolerance(2e-2, 1e-2));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e4, 1e-6})
  void reads_extreme_scores(double factor) {
    try (TensorScope scope = TensorScope.open()) {
      List<Tensor> inputs = inputs(61, 40_009, false, DType.F32);
      compare(
          List.of(inputs.get(0).mul(factor), inputs.get(1)),
          targets(61, 40_009),
          -1,
          new Tolerance(1e-4, 1e-4));
    }
  }

  @Test
  void a_column_of_rows_need_not_be_contiguous() {
    try (TensorScope scope = TensorScope.open()) {
      List<Tensor> inputs = inputs(61, 40_009, false, DType.F32);
      Tensor across = inputs.get(0).transpose(0, 1).contiguous().transpose(0, 1);
      assertThat(across.isContiguous()).isFalse();
      compare(List.of(across, inputs.get(1)), targets(61, 40_009), -1, new Tolerance(1e-5, 2e-6));
    }
  }

  @Test
  void is_for_learning_from_more_scores_than_are_held() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.zeros(Shape.of(61, SIZE), DType.F32);
      Tensor weight = Tensor.zeros(Shape.of(40_009, SIZE), DType.F32);
      assertThat(FusedCrossEntropy.fits(x, weight)).isFalse();
      weight.requiresGrad(true);
      assertThat(FusedCrossEntropy.fits(x, weight)).isTrue();
      assertThat(FusedCrossEntropy.fits(x.to(DType.BF16), weight)).isFalse();
      assertThat(FusedCrossEntropy.fits(x.narrow(0, 0, 13), weight)).isFalse();
      assertThat(Gradients.disabled(() -> FusedCrossEntropy.fits(x, weight) ? 1 : 0)).isZero();
    }
  }
}
