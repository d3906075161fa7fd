package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorException;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What goes wrong between forward and backward is said, on every path. */
@Tag("unit")
class ChangedInPlaceTest {
  private static final Sizes SIZES = new Sizes(1, 2, 1, 70, 75, 5, 3);

  private static Stream<DynamicTest> onEveryPath(Runnable body) {
    return Stream.of(AttentionPath.values())
        .map(path -> DynamicTest.dynamicTest(path.name(), () -> OnPath.run(path, body)));
  }

  @TestFactory
  Stream<DynamicTest> gradients_of_something_else_are_refused() {
    return onEveryPath(() -> {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        for (int changed = 0; changed < 3; changed++) {
          try (TensorScope scope = TensorScope.open();
              Generator generator = new Generator(3)) {
            Tensor q = SIZES.q(generator, dtype).requiresGrad(true);
            Tensor k = SIZES.k(generator, dtype).requiresGrad(true);
            Tensor v = SIZES.v(generator, dtype).requiresGrad(true);
            List<Tensor> read = List.of(q.mul(1), k.mul(1), v.mul(1));
            AttentionSpec plain = AttentionSpec.plain();
            List<Tensor> inputs = List.of(q, k, v);
            List<Tensor> right =
                Gradients.of(ExactAttention.apply(q, k, v, plain).square().sum(), inputs);
            Tensor loss =
                ExactAttention.apply(read.get(0), read.get(1), read.get(2), plain).square().sum();
            read.get(changed).detach().mulInPlace(3);
            refusedOrRight(loss, inputs, right);
          }
        }
      }
    });
  }

  /** LibTorch's operators may have saved a product instead of what was changed. */
  private static void refusedOrRight(Tensor loss, List<Tensor> inputs, List<Tensor> right) {
    try {
      List<Tensor> gradients = Gradients.of(loss, inputs);
      assertThat(PathChoice.live().path()).isEqualTo(AttentionPath.LIBTORCH);
      for (int i = 0; i < 3; i++) {
        assertThat(NaiveAttention.largest(gradients.get(i).sub(right.get(i)))).isLessThan(1e-4);
      }
    } catch (IllegalStateException | TensorException e) {
      assertThat(e).hasMessageMatching("(?s).*(changed in place|modified by an inplace).*");
    }
  }

  @TestFactory
  Stream<DynamicTest> weights_of_something_else_are_refused() {
    return onEveryPath(() -> {
      for (int changed = 0; changed < 2; changed++) {
        try (TensorScope scope = TensorScope.open();
            Generator generator = new Generator(3)) {
          Tensor q = SIZES.q(generator, DType.F32);
          Tensor k = SIZES.k(generator, DType.F32);
          Tensor v = SIZES.v(generator, DType.F32);
          AttentionWeights weights =
              ExactAttention.attend(q, k, v, AttentionSpec.plain()).weights();
          assertThat(weights.rows(0, 0, 1).sum().item()).isBetween(0.999, 1.001);
          (changed == 0 ? q : k).mulInPlace(3);
          assertThatThrownBy(weights::all)
              .isInstanceOf(TensorException.class)
              .hasMessageContaining("changed in place");
          assertThatThrownBy(() -> weights.top(0, 0, 1, 1))
              .hasMessageContaining("changed in place");
        }
      }
    });
  }

  /** Inference mode counts no changes. */
  @TestFactory
  Stream<DynamicTest> weights_for_inference_stay_those_of_the_output() {
    return onEveryPath(() -> {
      try (TensorScope scope = TensorScope.inference();
          Generator generator = new Generator(3)) {
        Tensor q = SIZES.q(generator, DType.F32);
        Tensor k = SIZES.k(generator, DType.F32);
        Tensor v = SIZES.v(generator, DType.F32);
        AttentionWeights weights = ExactAttention.attend(q, k, v, AttentionSpec.plain()).weights();
        float[] before = weights.all().toFloatArray();
        q.mulInPlace(3);
        k.mulInPlace(3);
        assertThat(weights.all().toFloatArray()).containsExactly(before);
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> a_second_backward_pass_is_refused() {
    return onEveryPath(() -> {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(3)) {
        Tensor q = SIZES.q(generator, DType.F64).requiresGrad(true);
        Tensor k = SIZES.k(generator, DType.F64);
        Tensor v = SIZES.v(generator, DType.F64);
        Tensor loss = ExactAttention.apply(q, k, v, AttentionSpec.plain()).sum();
        Gradients.of(loss, List.of(q));
        assertThatThrownBy(() -> Gradients.of(loss, List.of(q)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "gradients: an earlier backward pass has freed this graph; compute the output"
                    + " again");
      }
    });
  }

  /** Fails backwards only. */
  private record Failing(Throwable failure) implements ScoreModifier {
    @Override
    public double modify(int batch, int head, int query, int key, double score) {
      return score;
    }

    @Override
    public double derivative(int batch, int head, int query, int key, double score) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  @TestFactory
  Stream<DynamicTest> what_a_score_change_throws_backwards_is_thrown() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Throwable failure :
        List.of(new IllegalStateException("boom"), new StackOverflowError("deep"))) {
      onEveryPath(() -> thrown(failure)).forEach(tests::add);
    }
    return tests.stream();
  }

  private static void thrown(Throwable failure) {
    ScoreModifier modifier = new Failing(failure);
    for (DType dtype : List.of(DType.F32, DType.F64, DType.BF16)) {
      for (double size : new double[] {0, 1}) { // of nothing, too: gradients that are all zero
        try (TensorScope scope = TensorScope.open();
            Generator generator = new Generator(3)) {
          Tensor q = SIZES.q(generator, dtype).mul(size).requiresGrad(true);
          Tensor k = SIZES.k(generator, dtype).mul(size);
          Tensor v = SIZES.v(generator, dtype).mul(size);
          Tensor fused =
              ExactAttention.apply(q, k, v, AttentionSpec.plain().withModifier(modifier));
          Tensor written =
              new ScaledDotProduct()
                  .apply(q, k, v, AttentionRequest.plain().withModifier(modifier).withWeights())
                  .output();
          for (Tensor output : List.of(fused, written)) {
            assertThatThrownBy(() -> Gradients.of(output.sum(), List.of(q))).isSameAs(failure);
          }
          AttentionSpec plain = AttentionSpec.plain();
          assertThat(Gradients.of(ExactAttention.apply(q, k, v, plain).sum(), List.of(q)))
              .as("and the next one works")
              .hasSize(1);
        }
      }
    }
  }

  @Test
  void a_copy_may_be_changed() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(3)) {
      Tensor q = SIZES.q(generator, DType.F32).requiresGrad(true);
      Tensor k = SIZES.k(generator, DType.F32);
      Tensor v = SIZES.v(generator, DType.F32);
      Tensor loss = ExactAttention.apply(q, k, v, AttentionSpec.plain()).sum();
      k.copy().mulInPlace(3);
      assertThat(Gradients.of(loss, List.of(q))).hasSize(1);
    }
  }
}
