package dev.heed.mixer.catalogue;

import static dev.heed.fixture.TensorAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.Decoding;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What must hold of every mixer that the catalogue names. */
@Tag("unit")
class MixerCatalogueTest {
  private static final int SIZE = 6;
  private static final int HEADS = 2;
  private static final int LONGEST = 31;
  private static final int PAST = 11;
  private static final int LENGTH = 19;

  /**
   * Sorts tokens by hash, so that where a chunk of earlier tokens ends depends on the hashes of
   * later ones. A later token three times as long hashes as before.
   */
  private static final Set<String> SORTING = Set.of("reformer");

  /** Cuts blocks that begin so that the last one ends with the sequence. */
  private static final Set<String> ALIGNED_TO_THE_END = Set.of("memory-compressed");

  private static final Tolerance ROUNDING = new Tolerance(1e-9, 1e-10);

  /** Small enough that windows, blocks and memories end within the sequences of these tests. */
  static MixerShape shape(boolean causal) {
    return MixerShape.of(SIZE, HEADS, LONGEST)
        .withCausal(causal)
        .withWindow(5)
        .withBlock(4)
        .withFeatures(7)
        .withState(4);
  }

  /** A mixer with its parameters. */
  private static final class Built extends Module {
    private final SequenceMixer mixer;

    Built(MixerEntry entry, boolean causal, Generator generator) {
      this(Weights.initialise(generator, DType.F64), entry, causal);
    }

    private Built(Weights weights, MixerEntry entry, boolean causal) {
      super(weights);
      mixer = entry.build(weights, shape(causal));
    }

    Tensor apply(Tensor x) {
      return mixer.apply(x, AttentionRequest.plain()).output();
    }
  }

  private static Stream<DynamicTest> each(Predicate<MixerEntry> which, Consumer<MixerEntry> test) {
    return MixerCatalogue.entries().stream()
        .filter(which)
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> test.accept(entry)));
  }

  private static List<Boolean> directions(MixerEntry entry) {
    return Stream.of(false, true).filter(entry.direction()::allows).toList();
  }

  private static Tensor noise(Generator generator, long batch, long length) {
    return Tensor.randn(generator, Shape.of(batch, length, SIZE), DType.F64);
  }

  @TestFactory
  Stream<DynamicTest> keeps_the_shape_at_every_length() {
    return each(entry -> true, MixerCatalogueTest::keepsTheShape);
  }

  private static void keepsTheShape(MixerEntry entry) {
    for (boolean causal : directions(entry)) {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(3);
          Built built = new Built(entry, causal, generator)) {
        assertThat(built.parameterCount()).isPositive();
        for (long length : new long[] {1, 2, 7, 8, 16, 23, LONGEST}) {
          for (long batch : new long[] {1, 3}) {
            Tensor x = noise(generator, batch, length);
            Tensor y = built.apply(x);
            assertThat(y.shape()).isEqualTo(x.shape());
            assertThat(y.abs().sum().item()).as("length %d", length).isFinite().isPositive();
            assertThat(y.isClosed() || x.isClosed()).isFalse();
          }
        }
      }
    }
  }

  /** Each sequence of a batch is mixed as if it were alone. */
  @TestFactory
  Stream<DynamicTest> sequences_of_a_batch_do_not_meet() {
    return each(
        entry -> true,
        entry -> {
          for (boolean causal : directions(entry)) {
            try (TensorScope scope = TensorScope.open();
                Generator generator = new Generator(5);
                Built built = new Built(entry, causal, generator)) {
              Tensor x = noise(generator, 3, LENGTH);
              Tensor alone = built.apply(x.narrow(0, 1, 1));
              assertClose("alone", built.apply(x).narrow(0, 1, 1), alone, ROUNDING);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> a_changed_future_changes_nothing_before_it() {
    return each(entry -> entry.direction().allows(true), MixerCatalogueTest::ignoresTheFuture);
  }

  private static void ignoresTheFuture(MixerEntry entry) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(7);
        Built built = new Built(entry, true, generator)) {
      Tensor x = noise(generator, 2, LENGTH).requiresGrad(true);
      Tensor past = x.narrow(1, 0, PAST);
      Tensor later = x.narrow(1, PAST, LENGTH - PAST);
      Tensor future =
          SORTING.contains(entry.name()) ? later.mul(3) : noise(generator, 2, LENGTH - PAST);
      Tensor y = built.apply(x);
      Tensor changed = built.apply(Tensor.cat(List.of(past, future), 1));
      assertClose("past", changed.narrow(1, 0, PAST), y.narrow(1, 0, PAST), ROUNDING);
      Tensor moved = changed.narrow(1, PAST, LENGTH - PAST).sub(y.narrow(1, PAST, LENGTH - PAST));
      assertThat(moved.abs().max().item()).as("the future itself").isGreaterThan(1e-3);
      Tensor gradient = Gradients.of(y.narrow(1, 0, PAST).square().sum(), List.of(x)).getFirst();
      Tensor byFuture = gradient.narrow(1, PAST, LENGTH - PAST).abs();
      assertThat(byFuture.max().item()).as("gradient by the future").isLessThan(1e-12);
      assertThat(gradient.narrow(1, 0, PAST).abs().max().item()).isGreaterThan(1e-3);
    }
  }

  /** The future need not even be there: a token's output is final once the token is. */
  @TestFactory
  Stream<DynamicTest> a_prefix_alone_is_mixed_as_within_the_whole() {
    return each(
        entry ->
            entry.direction().allows(true)
                && !SORTING.contains(entry.name())
                && !ALIGNED_TO_THE_END.contains(entry.name()),
        entry -> {
          try (TensorScope scope = TensorScope.open();
              Generator generator = new Generator(31);
              Built built = new Built(entry, true, generator)) {
            Tensor x = noise(generator, 2, LENGTH);
            Tensor alone = built.apply(x.narrow(1, 0, PAST));
            assertClose("prefix", alone, built.apply(x).narrow(1, 0, PAST), ROUNDING);
          }
        });
  }

  /** Built to look both ways, a mixer does: else the test above would say little. */
  @TestFactory
  Stream<DynamicTest> built_to_look_both_ways_it_does() {
    return each(
        entry -> entry.direction().allows(false),
        entry -> {
          try (TensorScope scope = TensorScope.open();
              Generator generator = new Generator(11);
              Built built = new Built(entry, false, generator)) {
            Tensor x = noise(generator, 2, LENGTH).requiresGrad(true);
            Tensor early = built.apply(x).narrow(1, 0, PAST).square().sum();
            Tensor gradient = Gradients.of(early, List.of(x)).getFirst();
            assertThat(gradient.narrow(1, PAST, LENGTH - PAST).abs().max().item())
                .isGreaterThan(1e-6);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> token_by_token_equals_all_at_once() {
    return each(MixerEntry::stepwise, MixerCatalogueTest::decodes);
  }

  private static void decodes(MixerEntry entry) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(13);
        Built built = new Built(entry, true, generator)) {
      Tensor x = noise(generator, 2, LENGTH);
      List<Tensor> outputs = new ArrayList<>();
      try (Decoding<?> decoding = Decoding.of((StepwiseMixer) built.mixer, 2)) {
        for (int t = 0; t < LENGTH; t++) {
          outputs.add(decoding.next(x.select(1, t)));
        }
      }
      assertClose("steps", Tensor.stack(outputs, 1), built.apply(x), ROUNDING);
    }
  }

  /** However many tokens come, only the state of the last one is held. */
  @TestFactory
  Stream<DynamicTest> decoding_holds_one_state_only() {
    return each(
        MixerEntry::stepwise,
        entry -> {
          try (TensorScope scope = TensorScope.open();
              Generator generator = new Generator(17);
              Built built = new Built(entry, true, generator);
              Decoding<?> decoding = Decoding.of((StepwiseMixer) built.mixer, 1)) {
            Tensor x = noise(generator, 1, 1).select(1, 0);
            long before = 0;
            for (int t = 0; t < 9; t++) {
              try (TensorScope inner = TensorScope.open()) {
                decoding.next(x);
              }
              before = t == 1 ? TensorScope.liveHandles() : before;
            }
            assertThat(TensorScope.liveHandles()).isEqualTo(before);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> only_stepwise_entries_have_a_recurrent_form() {
    return each(
        entry -> entry.direction().allows(true),
        entry -> {
          try (Generator generator = new Generator(19);
              Built built = new Built(entry, true, generator)) {
            assertThat(built.mixer instanceof StepwiseMixer).isEqualTo(entry.stepwise());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> a_causal_request_to_a_causal_mixer_changes_nothing() {
    return each(
        entry -> entry.direction().allows(true),
        entry -> {
          try (TensorScope scope = TensorScope.open();
              Generator generator = new Generator(23);
              Built built = new Built(entry, true, generator)) {
            Tensor x = noise(generator, 2, LENGTH);
            AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
            assertClose("causal", built.mixer.apply(x, causal).output(), built.apply(x), ROUNDING);
          }
        });
  }

  /** What stands at padded places, and how many there are, changes nothing at the others. */
  @TestFactory
  Stream<DynamicTest> padding_is_left_out_or_refused() {
    return each(
        entry -> true,
        entry -> {
          for (boolean causal : directions(entry)) {
            try (TensorScope scope = TensorScope.open();
                Generator generator = new Generator(37);
                Built built = new Built(entry, causal, generator)) {
              Tensor x = noise(generator, 2, LENGTH);
              AttentionMask mask = AttentionMask.lengths(PAST, LENGTH);
              if (entry.padding()) {
                leavesOut(built, x, AttentionRequest.of(mask), noise(generator, 2, LENGTH));
                for (double broken :
                    new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                  Tensor filling = Tensor.full(x.shape(), broken, DType.F64);
                  leavesOut(built, x, AttentionRequest.of(mask), filling);
                }
              } else {
                assertThatThrownBy(() -> built.mixer.apply(x, AttentionRequest.of(mask)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected no mask");
              }
            }
          }
        });
  }

  private static void leavesOut(Built built, Tensor x, AttentionRequest request, Tensor other) {
    Tensor y = built.mixer.apply(x, request).output();
    Tensor short0 = x.narrow(0, 0, 1);
    Tensor filling = other.narrow(0, 0, 1).narrow(1, PAST, LENGTH - PAST);
    Tensor refilled = Tensor.cat(List.of(short0.narrow(1, 0, PAST), filling), 1);
    Tensor changed =
        built.mixer.apply(Tensor.cat(List.of(refilled, x.narrow(0, 1, 1)), 0), request).output();
    Tensor real = y.narrow(0, 0, 1).narrow(1, 0, PAST);
    assertClose("refilled", changed.narrow(0, 0, 1).narrow(1, 0, PAST), real, ROUNDING);
    assertClose("the other", changed.narrow(0, 1, 1), y.narrow(0, 1, 1), ROUNDING);
    Tensor unpadded = built.apply(x.narrow(0, 1, 1));
    assertClose("a row without padding", y.narrow(0, 1, 1), unpadded, ROUNDING);
  }

  @Test
  void names_are_found_and_wrong_ones_answered_with_the_right_ones() {
    assertThat(MixerCatalogue.names()).doesNotHaveDuplicates().contains("full-attention", "mamba");
    MixerCatalogue.entries()
        .forEach(entry -> assertThat(MixerCatalogue.named(entry.name())).isSameAs(entry));
    assertThatThrownBy(() -> MixerCatalogue.named("mambo"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mamba")
        .hasMessageEndingWith("got mambo");
  }

  @Test
  void a_direction_that_a_mixer_cannot_look_in_is_refused() {
    try (Generator generator = new Generator(29)) {
      Weights weights = Weights.initialise(generator, DType.F32);
      assertThatThrownBy(() -> MixerCatalogue.named("mamba").build(weights, shape(false)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("mamba: expected a shape that is causal")
          .hasMessageEndingWith("use asCausal()");
      assertThatThrownBy(() -> MixerCatalogue.named("bigbird").build(weights, shape(true)))
          .hasMessageContaining("expected a shape that is not causal");
    }
  }

  @Test
  void impossible_shapes_are_named() {
    assertThatThrownBy(() -> MixerShape.of(6, 4, 5)).hasMessageContaining("divide the size 6");
    assertThatThrownBy(() -> MixerShape.of(6, 2, 0)).hasMessageContaining("longest 0");
    assertThatThrownBy(() -> shape(true).withWindow(0)).hasMessageContaining("window 0");
  }
}
