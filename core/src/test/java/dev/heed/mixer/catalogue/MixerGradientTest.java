package dev.heed.mixer.catalogue;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.SequenceMixer;
import dev.heed.fixture.GradientCheck;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The gradient of every parameter of every mixer against central differences in double. */
@Tag("unit")
class MixerGradientTest {
  private static final int LENGTH = 7;

  /**
   * Subtracts the largest exponent without its gradient, as the authors' code does: it cancels but
   * for the small number that is added to every feature.
   */
  private static final Set<String> STABILISED = Set.of("performer");

  @TestFactory
  Stream<DynamicTest> gradients_equal_central_differences() {
    return MixerCatalogue.entries().stream()
        .flatMap(entry ->
            Stream.of(false, true)
                .filter(entry.direction()::allows)
                .map(causal ->
                    DynamicTest.dynamicTest(
                        entry.name() + (causal ? ", causal" : ""), () -> check(entry, causal))));
  }

  private static final class Built extends Module {
    private final SequenceMixer mixer;

    Built(Weights weights, MixerEntry entry, boolean causal) {
      super(weights);
      mixer = entry.build(weights, MixerCatalogueTest.shape(causal));
    }

    Tensor loss(Tensor x, Tensor seed) {
      return mixer.apply(x, AttentionRequest.plain()).output().mul(seed).sum();
    }
  }

  private static void check(MixerEntry entry, boolean causal) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(41);
        Built built = new Built(Weights.initialise(random, DType.F64), entry, causal)) {
      Tensor x = Tensor.randn(random, Shape.of(2, LENGTH, 6), DType.F64);
      Tensor seed = Tensor.randn(random, x.shape(), DType.F64);
      double tolerance = STABILISED.contains(entry.name()) ? 5e-3 : 1e-6;
      List<Tensor> parameters = List.copyOf(built.trainable().values());
      GradientCheck.check(() -> built.loss(x, seed), parameters, tolerance);
    }
  }
}
