package dev.heed.mixer.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.SequenceMixer;
import dev.heed.nn.Module;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every mixer in half precision is near what it gives in f32, short and long. */
class HalfPrecisionTest {
  private static final int SHORT = 64;
  private static final int LONG = 2048;

  /** For those that hold a vector for each pair of tokens: 1 GiB and more for {@link #LONG}. */
  private static final int LONG_OF_PAIRS = 1024;

  /** Six units in bf16's last place, of the largest. */
  private static final double NEAR = 6.0 / 256;

  /** Rounding may let a token fall into another bucket: then it sees other tokens. */
  private static final Set<String> HASHING = Set.of("reformer");

  private static final Set<String> VECTOR_FOR_EACH_PAIR =
      Set.of("bahdanau", "relative-key-positions", "shaw-relative-positions");

  /** Its steps do not survive 8 digits. */
  private static final Set<String> NOT_IN_BF16 = Set.of("s4d");

  private static final class Owner extends Module {
    Owner(Weights weights) {
      super(weights);
    }
  }

  private interface Body {
    void run(MixerEntry entry, boolean causal, DType type);
  }

  private static Stream<DynamicTest> each(Body body) {
    List<DynamicTest> tests = new ArrayList<>();
    for (MixerEntry entry : MixerCatalogue.entries()) {
      for (boolean causal : new boolean[] {false, true}) {
        for (DType type : List.of(DType.BF16, DType.F16)) {
          if (entry.direction().allows(causal)) {
            tests.add(
                DynamicTest.dynamicTest(
                    entry.name() + (causal ? ", causal, " : ", ") + type,
                    () -> runOrRefuse(entry, causal, type, body)));
          }
        }
      }
    }
    return tests.stream();
  }

  private static void runOrRefuse(MixerEntry entry, boolean causal, DType type, Body body) {
    if (type == DType.BF16 && NOT_IN_BF16.contains(entry.name())) {
      assertThatThrownBy(() -> body.run(entry, causal, type))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("S4D: expected weights in f16, f32 or f64, got bf16");
    } else {
      body.run(entry, causal, type);
    }
  }

  @Tag("unit")
  @TestFactory
  Stream<DynamicTest> sixty_four_tokens() {
    return each((entry, causal, type) -> near(entry, causal, type, SHORT));
  }

  @Tag("soak")
  @TestFactory
  Stream<DynamicTest> thousands_of_tokens() {
    return each((entry, causal, type) -> {
      boolean pairs = VECTOR_FOR_EACH_PAIR.contains(entry.name());
      near(entry, causal, type, pairs ? LONG_OF_PAIRS : LONG);
    });
  }

  /** The same weights, rounded, as a stored checkpoint in half precision gives them. */
  private static void near(MixerEntry entry, boolean causal, DType type, int length) {
    try (TensorScope scope = TensorScope.inference();
        Generator forWeights = new Generator(5);
        Generator forTokens = new Generator(6)) {
      MixerShape shape = MixerShape.of(64, 2, LONG).withCausal(causal);
      Weights weights = Weights.initialise(forWeights, DType.F32);
      SequenceMixer wide = entry.build(weights, shape);
      Map<String, Tensor> rounded = new HashMap<>();
      try (Owner owner = new Owner(weights)) {
        owner.parameters().forEach((name, x) -> rounded.put(name, x.detach().to(type)));
        Weights half = Weights.from(WeightSource.of(rounded));
        try (Owner other = new Owner(half)) {
          SequenceMixer narrow = entry.build(half, shape);
          assertThat(other.parameterCount()).isEqualTo(owner.parameterCount());
          Tensor x = Tensor.randn(forTokens, Shape.of(1, length, 64), DType.F32);
          Tensor y = wide.apply(x, AttentionRequest.plain()).output();
          Tensor z = narrow.apply(x.to(type), AttentionRequest.plain()).output();
          assertThat(z.dtype()).isEqualTo(type);
          Tensor difference = z.to(DType.F32).sub(y).abs();
          assertThat(z.to(DType.F32).isFinite().all().toBooleanArray()).containsExactly(true);
          if (!HASHING.contains(entry.name())) {
            assertThat(difference.max().item()).isLessThan(NEAR * y.abs().max().item());
          }
        }
      }
    }
  }

  @Tag("unit")
  @TestFactory
  Stream<DynamicTest> new_ones_compute_in_the_type_they_are_made_in() {
    return each((entry, causal, type) -> {
      try (TensorScope scope = TensorScope.inference();
          Generator generator = new Generator(1)) {
        Weights weights = Weights.initialise(generator, type);
        try (Owner owner = new Owner(weights)) {
          SequenceMixer mixer = entry.build(weights, MixerShape.of(32, 4, 64).withCausal(causal));
          assertThat(owner.parameterCount()).isPositive();
          Tensor x = Tensor.randn(generator, Shape.of(1, 29, 32), type);
          Tensor y = mixer.apply(x, AttentionRequest.plain()).output();
          assertThat(y.dtype()).isEqualTo(type);
          assertThat(y.to(DType.F32).isFinite().all().toBooleanArray()).containsExactly(true);
        }
      }
    });
  }
}
