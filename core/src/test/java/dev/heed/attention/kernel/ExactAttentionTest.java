package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.kernel.Samples.Window;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorException;
import dev.heed.tensor.TensorScope;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a caller of exact attention may rely on. */
@Tag("unit")
class ExactAttentionTest {
  @Test
  void two_keys_weigh_as_one_computes_by_hand() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = Tensor.of(new float[] {0, (float) Math.sqrt(2)}, 1, 1, 1, 2);
      Tensor k = Tensor.of(new float[] {1, 0, 0, 1}, 1, 1, 2, 2);
      Tensor v = Tensor.of(new float[] {1, 0}, 1, 1, 2, 1);
      double output = ExactAttention.apply(q, k, v, AttentionSpec.plain()).item();
      assertThat(output).isCloseTo(1 / (1 + Math.E), within(1e-6));
    }
  }

  @Test
  void a_row_without_keys_gives_zeros_and_zero_gradients() {
    for (DType dtype : List.of(DType.F64, DType.F32, DType.BF16)) {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(41)) {
        Sizes sizes = new Sizes(1, 2, 2, 5, 7, 3, 4);
        Tensor q = sizes.q(generator, dtype).requiresGrad(true);
        AttentionSpec spec = AttentionSpec.plain().withMask((b, h, query, key) -> query != 4);
        Tensor output =
            ExactAttention.apply(q, sizes.k(generator, dtype), sizes.v(generator, dtype), spec);
        Tensor gradient = Gradients.of(output.to(DType.F32).sum(), List.of(q)).get(0);
        assertThat(NaiveAttention.largest(output.narrow(2, 2, 1))).isZero();
        assertThat(NaiveAttention.largest(gradient.narrow(2, 2, 1))).isZero();
        assertThat(NaiveAttention.largest(output.narrow(2, 1, 1))).isPositive();
      }
    }
  }

  @Test
  void no_keys_at_all_give_zeros() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = Tensor.ones(Shape.of(1, 2, 3, 5), DType.F32);
      Tensor k = Tensor.ones(Shape.of(1, 2, 0, 5), DType.F32);
      Tensor output = ExactAttention.apply(q, k, k, AttentionSpec.plain());
      assertThat(output.shape()).isEqualTo(Shape.of(1, 2, 3, 5));
      assertThat(NaiveAttention.largest(output)).isZero();
    }
  }

  @Test
  void the_future_changes_nothing_before_it() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(43)) {
      Sizes sizes = new Sizes(1, 2, 2, 211, 211, 16, 16);
      Tensor q = sizes.q(generator, DType.F32);
      Tensor k = sizes.k(generator, DType.F32);
      Tensor v = sizes.v(generator, DType.F32);
      AttentionSpec causal = AttentionSpec.plain().withMask(new Window(1 << 20));
      Tensor before = ExactAttention.apply(q, k, v, causal).narrow(2, 0, 100).copy();
      k.narrow(2, 100, 111).fill(7);
      v.narrow(2, 100, 111).fill(-9);
      Tensor after = ExactAttention.apply(q, k, v, causal).narrow(2, 0, 100);
      assertThat(NaiveAttention.largest(after.sub(before))).isZero();
    }
  }

  @Test
  void dropout_takes_its_share_and_the_same_one_for_the_same_seed() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(47)) {
      Sizes sizes = new Sizes(1, 2, 2, 257, 263, 8, 8);
      Tensor q = sizes.q(generator, DType.F32);
      Tensor k = sizes.k(generator, DType.F32);
      Tensor ones = Tensor.ones(Shape.of(1, 2, 263, 1), DType.F32);
      AttentionSpec spec = AttentionSpec.plain().withScale(0).withDropout(0.25, 12);
      Tensor kept = ExactAttention.apply(q, k, ones, spec);
      assertThat(kept.mean().item()).isCloseTo(1, within(0.01));
      assertThat(kept.max().item()).isGreaterThan(1.02);
      Tensor again = ExactAttention.apply(q, k, ones, spec);
      assertThat(NaiveAttention.largest(again.sub(kept))).isZero();
      Tensor other = ExactAttention.apply(q, k, ones, spec.withDropout(0.25, 13));
      assertThat(NaiveAttention.largest(other.sub(kept))).isPositive();
    }
  }

  @Test
  void wrong_shapes_types_and_rates_are_refused_with_the_remedy() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = Tensor.zeros(Shape.of(1, 3, 5, 7), DType.F32);
      Tensor k = Tensor.zeros(Shape.of(1, 2, 5, 7), DType.F32);
      assertThatThrownBy(() -> ExactAttention.apply(q, k, k, AttentionSpec.plain()))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("H a multiple of Hkv, got q f32[1, 3, 5, 7], k f32[1, 2, 5, 7]");
      assertThatThrownBy(() -> ExactAttention.apply(q, q.to(DType.F64), q, AttentionSpec.plain()))
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("one type, got q f32[1, 3, 5, 7], k f64[1, 3, 5, 7]");
      assertThatThrownBy(() -> AttentionSpec.plain().withDropout(1, 0))
          .hasMessage("dropout: expected a share in [0, 1), got 1.0; 0 turns it off");
      assertThatThrownBy(() -> PathChoice.parse("gpu"))
          .hasMessage("heed.attention.path: expected one of [vector, libtorch, scalar], got gpu");
    }
  }

  @Test
  void the_libtorch_path_agrees_where_it_applies() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(53)) {
      Sizes sizes = new Sizes(2, 4, 2, 33, 47, 16, 16);
      Tensor q = sizes.q(generator, DType.F32);
      Tensor k = sizes.k(generator, DType.F32);
      Tensor v = sizes.v(generator, DType.F32);
      for (AttentionSpec spec :
          List.of(
              AttentionSpec.plain(),
              AttentionSpec.plain().withMask(new Window(9)),
              AttentionSpec.plain().withMask((b, h, i, j) -> j < 5 + 20 * b + h))) {
        Tensor fused = LibTorchAttention.apply(q, k, v, spec);
        assertThat(fused).isNotNull();
        Tensor own = ExactAttention.apply(q, k, v, spec);
        assertThat(NaiveAttention.largest(fused.sub(own))).isLessThan(2e-6);
      }
      AttentionSpec empty = AttentionSpec.plain().withMask((b, h, i, j) -> i > 20);
      assertThat(LibTorchAttention.apply(q, k, v, empty)).isNull();
    }
  }

  @Test
  void the_kernel_makes_no_garbage_that_grows_with_its_work() {
    int before = Backend.threads();
    Backend.threads(1);
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(59)) {
      long few = garbage(new Sizes(1, 1, 1, 64, 64, 64, 64), generator);
      long many = garbage(new Sizes(1, 8, 8, 256, 256, 64, 64), generator);
      assertThat(many - few).as("bytes for 256 times the work").isLessThan(20_000);
    } finally {
      Backend.threads(before);
    }
  }

  private static long garbage(Sizes sizes, Generator generator) {
    Tensor q = sizes.q(generator, DType.F32);
    Tensor k = sizes.k(generator, DType.F32);
    Tensor v = sizes.v(generator, DType.F32);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 400; i++) {
      long start = threads.getCurrentThreadAllocatedBytes();
      ExactAttention.apply(q, k, v, AttentionSpec.plain()).close();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - start);
    }
    return least;
  }
}
