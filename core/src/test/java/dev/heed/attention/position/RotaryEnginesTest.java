package dev.heed.attention.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.FusedRotary;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java engine turns in one pass what both engines turn by an operator for each step. */
@Tag("integration")
class RotaryEnginesTest {
  private static final List<RotaryScaling> SCALINGS =
      List.of(
          RotaryScaling.NONE,
          new RotaryScaling.Linear(4),
          new Llama3Scaling(8, 1, 4, 16),
          new YarnScaling(4, 16, 32, 1, true, 1.25),
          new LongRopeScaling(List.of(1.0, 1.5, 2.0), List.of(2.0, 4.0, 8.0), 10, 1.2));

  /** Sizes of {@code [B, H, T, D]}: one token, odd ones, none, and enough for several threads. */
  private static final long[][] SHAPES = {
    {1, 1, 1, 6}, {2, 3, 7, 9}, {1, 2, 0, 6}, {0, 2, 3, 6}, {3, 1, 5, 33}, {2, 8, 33, 41}
  };

  /** How rows lie in memory. */
  private enum Layout {
    PLAIN(x -> x),
    HEADS_INSIDE(x -> x.transpose(1, 2).contiguous().transpose(1, 2)),
    BACK_TO_FRONT(x -> x.transpose(0, 3).contiguous().transpose(0, 3)),
    EVERY_OTHER(x -> Tensor.stack(List.of(x, x.neg()), -1).flatten(-2, -1).slice(-1, 0, -1, 2)),
    PART(x -> Tensor.cat(List.of(x.neg(), x, x), 0).narrow(0, x.size(0), x.size(0))),
    SHARED_HEADS(x -> x.narrow(1, 0, 1).expand(x.size(0), x.size(1), x.size(2), x.size(3)));

    private final UnaryOperator<Tensor> lay;

    Layout(UnaryOperator<Tensor> lay) {
      this.lay = lay;
    }

    Tensor lay(Tensor x) {
      return lay.apply(x);
    }
  }

  private static Tensor made(DType type, long... sizes) {
    Random random = new Random(17);
    int count = (int) Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    double[] values = random.doubles(count, -3, 3).toArray();
    return count == 0 ? Tensor.zeros(Shape.of(sizes), type) : Tensor.of(values, sizes).to(type);
  }

  /** Places of each text for itself, some twice and none in order; those of the first for all. */
  private static List<Tensor> places(long batch, long length) {
    long[] each = new Random(5).longs(batch * length, 0, 40).toArray();
    Tensor many = Tensor.of(each, batch, length);
    return each.length == 0
        ? List.of(many)
        : List.of(many, many.select(0, 0), many.narrow(0, 0, 1));
  }

  private static double[] on(
      EngineChoice.Kind kind, BiFunction<Tensor, Tensor, Tensor> turn, Sample sample) {
    return EngineChoice.during(
        kind,
        () -> {
          try (TensorScope scope = TensorScope.open()) {
            Tensor x = sample.layout.lay(made(sample.type, sample.sizes));
            Tensor places = places(sample.sizes[0], sample.sizes[2]).get(sample.places);
            Tensor turned = turn.apply(x, places);
            assertThat(turned.shape()).as(sample.toString()).isEqualTo(x.shape());
            assertThat(turned.dtype()).as(sample.toString()).isEqualTo(x.dtype());
            return turned.toDoubleArray();
          }
        });
  }

  private record Sample(DType type, Layout layout, int places, long... sizes) {
    @Override
    public String toString() {
      return type + " " + Arrays.toString(sizes) + " " + layout + ", places " + places;
    }

    static List<Sample> all(DType type) {
      List<Sample> all = new ArrayList<>();
      for (long[] sizes : SHAPES) {
        for (Layout layout : Layout.values()) {
          int kinds = sizes[0] * sizes[2] == 0 ? 1 : 3;
          for (int places = 0; places < kinds; places++) {
            all.add(new Sample(type, layout, places, sizes));
          }
        }
      }
      return all;
    }
  }

  /** By an operator for each step, whatever the engine. */
  private static Tensor composed(RotaryPositions rotary, Tensor x, Tensor places) {
    long length = places.elements() == 0 ? 0 : places.max().itemLong() + 1;
    return rotary.turn(x, places, rotary.frequencies(length), rotary.scaling().magnitude());
  }

  private static void agree(Sample sample, RotaryPositions rotary) {
    String what = sample + " " + rotary;
    double[] fused = on(EngineChoice.Kind.JAVA, rotary::apply, sample);
    assertThat(fused)
        .as(what)
        .isEqualTo(on(EngineChoice.Kind.JAVA, (x, p) -> composed(rotary, x, p), sample));
    double[] wanted = on(EngineChoice.Kind.LIBTORCH, rotary::apply, sample);
    double unit =
        switch (sample.type) {
          case F64 -> 1e-13;
          case F32 -> 2e-6;
          case F16 -> 1e-2;
          default -> 6e-2;
        };
    for (int i = 0; i < wanted.length; i++) {
      assertThat(Math.abs(fused[i] - wanted[i])).as(what + " at " + i).isLessThan(unit);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64", "F16", "BF16"})
  void one_pass_equals_an_operator_for_each_step(DType type) {
    for (Sample sample : Sample.all(type)) {
      for (PairLayout layout : PairLayout.values()) {
        // All of six elements, a part of more
        agree(sample, new RotaryPositions(layout, 6, 100));
      }
    }
  }

  @Test
  void every_scaling_is_kept_to() {
    for (RotaryScaling scaling : SCALINGS) {
      for (PairLayout layout : PairLayout.values()) {
        RotaryPositions rotary = new RotaryPositions(layout, 6, 100, scaling);
        agree(new Sample(DType.F32, Layout.PLAIN, 0, 2, 3, 7, 9), rotary);
        agree(new Sample(DType.BF16, Layout.HEADS_INSIDE, 1, 2, 3, 7, 9), rotary);
      }
    }
  }

  @Test
  void several_threads_give_what_one_gives() {
    RotaryPositions rotary = new RotaryPositions(PairLayout.HALF_SPLIT, 40, 10_000);
    Sample sample = new Sample(DType.F32, Layout.HEADS_INSIDE, 0, 2, 8, 33, 41);
    double[] alone = on(EngineChoice.Kind.JAVA, rotary::apply, sample);
    EngineChoice.during(
        EngineChoice.Kind.JAVA,
        () -> {
          int before = Backend.threads();
          try {
            Backend.threads(3);
            return assertThat(on(EngineChoice.Kind.JAVA, rotary::apply, sample)).isEqualTo(alone);
          } finally {
            Backend.threads(before);
          }
        });
  }

  @Test
  void an_offset_and_a_place_without_a_row_of_its_own_are_taken_as_before() {
    RotaryPositions rotary = new RotaryPositions(PairLayout.INTERLEAVED, 4, 100);
    EngineChoice.during(
        EngineChoice.Kind.JAVA,
        () -> {
          try (TensorScope scope = TensorScope.open()) {
            Tensor x = made(DType.F32, 2, 3, 5, 7);
            Tensor places = Tensor.arange(5, DType.I64).add(11);
            double[] wanted = composed(rotary, x, places).toDoubleArray();
            assertThat(rotary.apply(x, 11).toDoubleArray()).isEqualTo(wanted);
            // Known angles, and those of another text in between
            assertThat(rotary.apply(x, 12).toDoubleArray()).isNotEqualTo(wanted);
            assertThat(rotary.apply(x, 11).toDoubleArray()).isEqualTo(wanted);
            assertThat(rotary.apply(x, Tensor.of(new long[] {11}, 1)).toDoubleArray())
                .isEqualTo(
                    rotary.apply(x, Tensor.of(new long[] {11, 11, 11, 11, 11})).toDoubleArray());
            return null;
          }
        });
  }

  @Test
  void what_was_turned_for_one_length_is_turned_for_another() {
    RotaryPositions rotary = new RotaryPositions(PairLayout.HALF_SPLIT, 6, 100, SCALINGS.getLast());
    Sample sample = new Sample(DType.F32, Layout.PLAIN, 0, 2, 3, 7, 9);
    assertThat(on(EngineChoice.Kind.JAVA, (x, p) -> rotary.turnedAnew(x, p, 5, 50), sample))
        .containsExactly(
            on(EngineChoice.Kind.LIBTORCH, (x, p) -> rotary.turnedAnew(x, p, 5, 50), sample),
            Assertions.within(2e-6));
  }

  @Test
  void angles_of_other_rows_are_refused() {
    EngineChoice.during(
        EngineChoice.Kind.JAVA,
        () -> {
          try (TensorScope scope = TensorScope.open()) {
            FusedRotary.Angles angles =
                FusedRotary.Angles.of(new long[] {0, 1}, new double[] {1, 0.5}, 1, DType.F32);
            for (Tensor x :
                List.of(
                    made(DType.F32, 1, 3, 4), made(DType.BF16, 1, 2, 4), made(DType.F32, 2, 3))) {
              assertThatThrownBy(() -> FusedRotary.apply(x, angles, true))
                  .isInstanceOf(ShapeException.class)
                  .hasMessageContaining("at least 4 elements for 2 places, got " + x.describe());
            }
            return null;
          }
        });
  }
}
