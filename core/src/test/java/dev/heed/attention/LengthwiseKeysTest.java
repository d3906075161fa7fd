package dev.heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.LongRopeScaling;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.RotaryScaling;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A cached step gives the last row of the full pass, also where the length changes the angles. */
@Tag("unit")
class LengthwiseKeysTest {
  private static final int SIZE = 24;
  private static final int TRAINED = 11;
  private static final Tolerance TIGHT = new Tolerance(1e-9, 1e-11);
  private static final AttentionRequest CAUSAL = AttentionRequest.of(AttentionMask.causal());

  private TensorScope scope;
  private Generator generator;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
    generator = new Generator(83);
  }

  @AfterEach
  void close() {
    generator.close();
    scope.close();
  }

  static List<RotaryScaling> scalings() {
    return List.of(
        RotaryScaling.NONE,
        new RotaryScaling.Linear(4),
        new RotaryScaling.DynamicNtk(4, TRAINED),
        new LongRopeScaling(List.of(1.0, 1.1, 1.3), List.of(1.5, 3.0, 7.0), TRAINED, 1.2));
  }

  private MultiHeadAttention attention(HeadChange... changes) {
    Weights weights = Weights.initialise(generator, DType.F64);
    return new MultiHeadAttention(
        weights, HeadProjections.of(weights, SIZE), 3, List.of(changes), new ScaledDotProduct());
  }

  /** Three pairs of a head of eight elements are turned. */
  private static RotaryPositions rotary(RotaryScaling scaling) {
    return new RotaryPositions(PairLayout.INTERLEAVED, 6, 100, scaling);
  }

  private Tensor random(long... sizes) {
    return Tensor.randn(generator, Shape.of(sizes), DType.F64);
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void a_step_gives_the_last_row_of_the_full_pass(RotaryScaling scaling) {
    try (MultiHeadAttention attention = attention(HeadChange.rotary(rotary(scaling)));
        DecodeState state = new DecodeState()) {
      Tensor x = random(2, 71, SIZE);
      for (int end = 1; end <= 71; end++) {
        assertLastRow(attention, x.narrow(1, 0, end), 1, state);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void so_do_several_tokens_at_once_and_turned_values(RotaryScaling scaling) {
    HeadChange both = new HeadChange.RotaryWithValues(new HeadChange.Rotary(rotary(scaling)));
    try (MultiHeadAttention attention = attention(both);
        DecodeState state = new DecodeState()) {
      Tensor x = random(2, 90, SIZE);
      int end = 0;
      for (int size : new int[] {13, 1, 0, 59, 1, 7}) {
        end += size;
        assertLastRow(attention, x.narrow(1, 0, end), size, state);
      }
    }
  }

  private static void assertLastRow(
      MultiHeadAttention attention, Tensor x, int size, DecodeState state) {
    long before = x.size(1) - size;
    Tensor whole = attention.apply(x, CAUSAL).output().narrow(1, before, size);
    Tensor step = attention.apply(x.narrow(1, before, size), CAUSAL.withState(state)).output();
    TensorAssert.assertClose(step, whole, TIGHT);
  }

  /** Texts of 3 and 17 tokens behind padding, swapped on the way, taken back and continued. */
  @ParameterizedTest
  @MethodSource("scalings")
  void places_follow_their_tokens(RotaryScaling scaling) {
    try (MultiHeadAttention attention = attention(HeadChange.rotary(rotary(scaling)));
        DecodeState state = new DecodeState()) {
      Tensor x = random(2, 19, SIZE);
      Tensor places =
          Tensor.stack(
              List.of(
                  Tensor.arange(19, DType.I64).sub(14).clamp(0, 99), Tensor.arange(19, DType.I64)),
              0);
      attention.apply(
          x.narrow(1, 0, 17), CAUSAL.withState(state).withPositions(places.narrow(1, 0, 17)));
      Tensor swap = Tensor.of(new long[] {1, 0}, 2);
      state.advance(17);
      state.truncate(15);
      state.reorder(swap);
      try (DecodeState copy = state.copy()) {
        Tensor swapped = x.flip(0);
        Tensor where = places.flip(0);
        Tensor whole =
            attention.apply(swapped, CAUSAL.withPositions(where)).output().narrow(1, 15, 4);
        Tensor rest =
            attention
                .apply(
                    swapped.narrow(1, 15, 4),
                    CAUSAL.withState(copy).withPositions(where.narrow(1, 15, 4)))
                .output();
        TensorAssert.assertClose(rest, whole, TIGHT);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void a_window_forgets_places_too(RotaryScaling scaling) {
    int window = 5;
    try (MultiHeadAttention whole = attention(HeadChange.rotary(rotary(scaling)));
        DecodeState state = new DecodeState()) {
      MultiHeadAttention attention = whole.remembering(window);
      Tensor x = random(1, 131, SIZE);
      for (int end = 1; end <= 131; end++) {
        Tensor step =
            attention
                .apply(x.narrow(1, end - 1, 1), AttentionRequest.plain().withState(state))
                .output();
        if (end % 10 == 1) {
          AttentionRequest seen = AttentionRequest.of(AttentionMask.slidingWindow(window));
          Tensor all = whole.apply(x.narrow(1, 0, end), seen).output().narrow(1, end - 1, 1);
          TensorAssert.assertClose(step, all, TIGHT);
        }
      }
      assertThat(state.keys("").kept()).isEqualTo(window - 1);
    }
  }

  @Test
  void a_change_behind_them_is_refused_while_decoding() {
    Weights norms = Weights.initialise(generator, DType.F64);
    RmsNorm each = new RmsNorm(norms, 8, 1e-6);
    HeadChange norm = HeadChange.norms(each, each);
    HeadChange rotary = HeadChange.rotary(rotary(new RotaryScaling.DynamicNtk(2, TRAINED)));
    try (each;
        MultiHeadAttention attention = attention(rotary, norm);
        DecodeState state = new DecodeState()) {
      Tensor x = random(1, 3, SIZE);
      assertThat(attention.apply(x, CAUSAL).output().shape()).isEqualTo(Shape.of(1, 3, SIZE));
      assertThatThrownBy(() -> attention.apply(x, CAUSAL.withState(state)))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("expected them to be the last change of queries and keys");
    }
  }
}
