package dev.heed.bench.mechanisms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.bench.mechanisms.MechanismRow.Deviation;
import dev.heed.mixer.catalogue.Exactness;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class SharedProjectionsTest {
  private static final MixerShape SHAPE = MixerShape.of(12, 3, 128);

  /** One map for keys and values; queries and gates of one map. */
  private static final List<String> OF_ANOTHER_KIND =
      List.of("linformer-shared", "gated-attention");

  static List<String> softmaxMechanisms() {
    return MixerCatalogue.entries().stream()
        .filter(entry ->
            entry.exactness() == Exactness.EXACT
                || entry.exactness() == Exactness.SOME_KEYS
                || entry.exactness() == Exactness.APPROXIMATE)
        .map(MixerEntry::name)
        .filter(name -> !OF_ANOTHER_KIND.contains(name))
        .toList();
  }

  /** Every mechanism that stands for softmax attention gets its projections, by whatever name. */
  @ParameterizedTest
  @MethodSource("softmaxMechanisms")
  void have_an_error_against_exact_attention(String name) {
    try (TensorScope scope = TensorScope.open();
        Subject subject = Subject.of(MixerCatalogue.named(name), SHAPE);
        ExactReference exact = new ExactReference(SHAPE, Inputs.of(2, SHAPE))) {
      Deviation error = exact.deviation(subject);
      assertThat(error.none()).isNull();
      assertThat(error.random()).isNotNull().isBetween(0.0, 10.0);
      assertThat(error.recurring()).isNotNull().isBetween(0.0, 10.0);
    }
  }

  @ParameterizedTest
  @FieldSource("OF_ANOTHER_KIND")
  void projections_of_another_kind_are_not_compared(String name) {
    try (TensorScope scope = TensorScope.open();
        Subject subject = Subject.of(MixerCatalogue.named(name), SHAPE);
        ExactReference exact = new ExactReference(SHAPE, Inputs.of(2, SHAPE))) {
      assertThat(exact.deviation(subject).none()).contains("projections");
    }
  }

  @Test
  void the_error_is_the_relative_norm_of_the_difference() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor exact = Tensor.of(new double[] {3, 4}, 2);
      Tensor other = Tensor.of(new double[] {3, 5}, 2);
      assertThat(ExactReference.relative(other, exact)).isEqualTo(0.2);
    }
  }
}
