package dev.heed.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.tensor.DType;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.FusedRmsNorm;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java engine normalises in one pass what both engines do by an operator for each step. */
@Tag("integration")
class RmsNormEnginesTest {
  private static final double EPSILON = 1e-5;

  private static Tensor made(DType type, int seed, long... sizes) {
    int count = (int) Shape.of(sizes).elements();
    double[] values = new Random(seed).doubles(count, -3, 3).toArray();
    return count == 0 ? Tensor.zeros(Shape.of(sizes), type) : Tensor.of(values, sizes).to(type);
  }

  /** Odd sizes, none, views of every kind, and enough for several threads. */
  private static List<Tensor> inputs(DType type) {
    return List.of(
        made(type, 1, 1),
        made(type, 2, 7),
        made(type, 3, 3, 0),
        made(type, 3, 0, 5),
        made(type, 4, 2, 3, 33),
        made(type, 5, 5, 4, 3).transpose(0, 2),
        made(type, 6, 2, 5, 14).slice(-1, 0, 14, 2),
        made(type, 7, 6, 35).narrow(0, 2, 3),
        made(type, 8, 1, 9).expand(4, 9),
        made(type, 9, 40, 771),
        Tensor.zeros(Shape.of(2, 5), type));
  }

  private static List<double[]> on(
      EngineChoice.Kind kind, DType type, Function<Tensor, Tensor> norm) {
    return EngineChoice.during(
        kind,
        () -> {
          try (TensorScope scope = TensorScope.open()) {
            return inputs(type).stream()
                .map(x -> {
                  Tensor y = norm.apply(x);
                  assertThat(y.describe()).isEqualTo(x.contiguous().describe());
                  return y.toDoubleArray();
                })
                .toList();
          }
        });
  }

  private static Tensor gain(Tensor x) {
    return made(x.dtype(), 11, x.size(-1));
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64", "F16", "BF16"})
  void one_pass_equals_an_operator_for_each_step(DType type) {
    for (double offset : new double[] {0, 1}) {
      Function<Tensor, Tensor> composed = x -> RmsNorm.composed(x, gain(x), EPSILON, offset);
      Function<Tensor, Tensor> norm =
          x -> {
            try (RmsNorm module = module(x, offset)) {
              return module.apply(x);
            }
          };
      agree(on(EngineChoice.Kind.JAVA, type, norm), composed, type);
    }
    agree(
        on(EngineChoice.Kind.JAVA, type, RmsNorm.plain(EPSILON)::apply),
        x -> RmsNorm.composed(x, null, EPSILON, 0),
        type);
  }

  private static RmsNorm module(Tensor x, double offset) {
    Weights weights = weights(gain(x));
    return offset == 0
        ? new RmsNorm(weights, x.size(-1), EPSILON)
        : RmsNorm.aroundOne(weights, x.size(-1), EPSILON);
  }

  private static Weights weights(Tensor gain) {
    return Weights.from(new MapSource(Map.of("weight", gain)));
  }

  private static void agree(List<double[]> fused, Function<Tensor, Tensor> composed, DType type) {
    List<double[]> java = on(EngineChoice.Kind.JAVA, type, composed);
    List<double[]> torch = on(EngineChoice.Kind.LIBTORCH, type, composed);
    double step =
        switch (type) {
          case F64 -> 1e-13;
          case F32 -> 4e-6;
          case F16 -> 2e-2;
          default -> 1e-1;
        };
    for (int i = 0; i < fused.size(); i++) {
      assertThat(fused.get(i)).as(type + " " + i).isEqualTo(java.get(i));
      assertThat(fused.get(i)).as(type + " " + i).containsExactly(torch.get(i), within(step));
    }
  }

  @Test
  void a_gain_of_another_type_takes_an_operator_for_each_step() {
    EngineChoice.during(
        EngineChoice.Kind.JAVA,
        () -> {
          try (TensorScope scope = TensorScope.open()) {
            Tensor x = made(DType.BF16, 1, 3, 5);
            Tensor gain = made(DType.F32, 2, 5);
            assertThat(FusedRmsNorm.fits(x, gain)).isFalse();
            try (RmsNorm norm = new RmsNorm(weights(gain), 5, EPSILON)) {
              assertThat(norm.apply(x).dtype()).isEqualTo(DType.F32);
            }
            assertThatThrownBy(() -> FusedRmsNorm.apply(x, gain, EPSILON, 0))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("got " + x.describe() + " and " + gain.describe());
            return null;
          }
        });
  }
}
