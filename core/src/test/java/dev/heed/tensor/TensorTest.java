package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class TensorTest {
  private TensorScope scope;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor counting(long... sizes) {
    return Tensor.arange(Shape.of(sizes).elements(), DType.F32).reshape(sizes);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void every_type_is_made_and_named(DType dtype) {
    Tensor ones = Tensor.ones(Shape.of(2, 3), dtype);
    assertThat(ones.dtype()).isEqualTo(dtype);
    assertThat(ones.describe()).isEqualTo(dtype + "[2, 3]");
    if (!dtype.isComplex()) {
      assertThat(ones.toFloatArray()).containsExactly(1, 1, 1, 1, 1, 1);
      assertThat(ones.toLongArray()).containsExactly(1, 1, 1, 1, 1, 1);
    }
  }

  @Test
  void arrays_come_back_as_they_went() {
    assertThat(Tensor.of(new double[] {1e-300, -2}).toDoubleArray()).containsExactly(1e-300, -2);
    assertThat(Tensor.of(new long[] {Long.MIN_VALUE}).toLongArray())
        .containsExactly(Long.MIN_VALUE);
    assertThat(Tensor.of(new int[] {7, -7}).toLongArray()).containsExactly(7, -7);
    assertThat(Tensor.of(new byte[] {(byte) 200}).toLongArray()).containsExactly(200);
    assertThat(Tensor.of(new boolean[] {true, false}).toBooleanArray())
        .containsExactly(true, false);
    assertThat(Tensor.of(new float[0], 0, 3).toFloatArray()).isEmpty();
    assertThat(counting(2, 3).transpose(0, 1).toFloatArray()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void segments_share_memory() {
    Tensor x = counting(5);
    x.segment().setAtIndex(ValueLayout.JAVA_FLOAT, 3, 42);
    assertThat(x.toFloatArray()).containsExactly(0, 1, 2, 42, 4);
    assertThatThrownBy(() -> counting(2, 3).transpose(0, 1).segment())
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("expected a contiguous tensor")
        .hasMessageContaining("f32[3, 2]");
  }

  @Test
  void shared_memory_lives_as_long_as_a_view() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(24, 8);
      Tensor x = Tensor.ofSegment(memory, DType.F64, Shape.of(3));
      memory.setAtIndex(ValueLayout.JAVA_DOUBLE, 1, 5);
      Tensor view = x.narrow(0, 1, 1);
      x.close();
      assertThat(view.toDoubleArray()).containsExactly(5);
      assertThatThrownBy(() -> Tensor.ofSegment(memory, DType.F64, Shape.of(4)))
          .isInstanceOf(ShapeException.class)
          .hasMessage("memory for f64[4]: expected 32 bytes, got 24");
    }
  }

  @Test
  void unaligned_memory_is_copied() {
    byte[] bytes = new byte[13];
    MemorySegment heap = MemorySegment.ofArray(bytes);
    heap.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 1, 2.5f);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment odd = arena.allocate(13, 8).copyFrom(heap).asSlice(1, 12);
      assertThat(Tensor.ofSegment(odd, DType.F32, Shape.of(3)).toFloatArray())
          .containsExactly(2.5f, 0, 0);
    }
  }

  @Test
  void errors_name_operands_and_reason() {
    assertThatThrownBy(() -> counting(2, 3).matmul(counting(5, 7)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("got f32[2, 3] and f32[5, 7]")
        .hasMessageNotContaining("Exception raised from");
    assertThatThrownBy(() -> counting(2, 3).add(counting(2, 5)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("add(f32[2, 3], f32[2, 5])");
    assertThatThrownBy(() -> counting(6).view(5))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("view(f32[6])");
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .isInstanceOf(ShapeException.class)
        .hasMessage("values for shape [2, 3]: expected 6 of them, got 5");
    assertThatThrownBy(() -> counting(2, 3).item())
        .hasMessage("item: expected one element, got f32[2, 3]");
    assertThatThrownBy(() -> counting(2).embedding(Tensor.of(new long[] {9}), -1))
        .isInstanceOf(TensorException.class);
  }

  @Test
  void shapes_check_their_sizes() {
    assertThatThrownBy(() -> Shape.of(2, -1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("expected sizes of 0 or more, got -1");
    assertThatThrownBy(() -> Shape.of(Long.MAX_VALUE, 3).elements())
        .isInstanceOf(ShapeException.class);
    assertThat(Shape.of(2, 3, 5).size(-1)).isEqualTo(5);
    assertThatThrownBy(() -> Shape.of(2).size(1)).hasMessageContaining("dimension 1");
    assertThat(Shape.of()).hasToString("[]").isEqualTo(Shape.of());
  }

  @Test
  void prints_as_a_person_reads() {
    assertThat(counting(2, 3))
        .hasToString("f32[2, 3] [[0.000, 1.000, 2.000],\n [3.000, 4.000, 5.000]]");
    assertThat(Tensor.arange(20, DType.I64)).hasToString("i64[20] [0, 1, 2, …, 17, 18, 19]");
    assertThat(Tensor.scalar(1, DType.BOOL)).hasToString("bool[] true");
  }

  @Test
  void numbers_keep_integers_integral() {
    assertThat(Tensor.arange(3, DType.I64).add(1).dtype()).isEqualTo(DType.I64);
    assertThat(Tensor.arange(3, DType.I64).mul(0.5).dtype()).isEqualTo(DType.F32);
    assertThat(counting(3).to(DType.BF16).add(1).dtype()).isEqualTo(DType.BF16);
  }

  @Test
  void selects_and_scatters() {
    Tensor x = counting(2, 3);
    Tensor indices = Tensor.of(new long[] {2, 0}, 2, 1);
    assertThat(x.gather(1, indices).toFloatArray()).containsExactly(2, 3);
    assertThat(x.scatter(1, indices, Tensor.ones(Shape.of(2, 1), DType.F32)).toFloatArray())
        .containsExactly(0, 1, 1, 1, 4, 5);
    assertThat(x.maskedFill(x.gt(3), -1).toFloatArray()).containsExactly(0, 1, 2, 3, -1, -1);
    assertThat(x.slice(1, 0, 3, 2).toFloatArray()).containsExactly(0, 2, 3, 5);
    assertThat(x.split(1, 1, 2).get(1).toFloatArray()).containsExactly(1, 2, 4, 5);
    assertThat(Tensor.where(x.lt(2), x, x.neg()).toFloatArray())
        .containsExactly(0, 1, -2, -3, -4, -5);
    assertThat(Tensor.cat(List.of(x, x), 0).shape()).isEqualTo(Shape.of(4, 3));
    assertThat(Tensor.stack(List.of(x, x), -1).shape()).isEqualTo(Shape.of(2, 3, 2));
    assertThat(x.repeatInterleave(2, 0).select(0, 1).toFloatArray()).containsExactly(0, 1, 2);
    assertThat(x.pad(9, 1, 0).select(0, 0).toFloatArray()).containsExactly(9, 0, 1, 2);
    assertThat(x.topk(1, 1).indices().toLongArray()).containsExactly(2, 2);
  }

  @Test
  void seeds_repeat() {
    try (Generator a = new Generator(11);
        Generator b = new Generator(11)) {
      assertThat(Tensor.randn(a, 7).toFloatArray())
          .containsExactly(Tensor.randn(b, 7).toFloatArray());
      assertThat(a.nextSeed()).isEqualTo(b.nextSeed());
      Tensor dropped = Tensor.ones(Shape.of(1009), DType.F32).dropout(0.25, a);
      float[] values = dropped.toFloatArray();
      assertThat(dropped.mean().item()).isCloseTo(1, within(0.1));
      for (float value : values) {
        assertThat(value).isIn(0f, 1 / 0.75f);
      }
    }
  }

  @Test
  void fourier_transforms_invert_each_other() {
    Tensor x = counting(2, 7).sin();
    assertThat(Fourier.irfft(Fourier.rfft(x, 7), 7).sub(x).abs().max().item()).isLessThan(1e-6);
    Tensor z = Fourier.complex(x, x.cos());
    assertThat(Fourier.imaginary(Fourier.ifft(Fourier.fft(z))).sub(x.cos()).abs().max().item())
        .isLessThan(1e-6);
    assertThat(Fourier.imaginary(Fourier.conjugate(z)).add(x.cos()).abs().max().item()).isZero();
  }

  @Test
  void linear_algebra_solves() {
    try (Generator generator = new Generator(5)) {
      Tensor a = Tensor.randn(generator, Shape.of(5, 5), DType.F64);
      Tensor b = Tensor.randn(generator, Shape.of(5, 2), DType.F64);
      assertThat(a.matmul(LinearAlgebra.solve(a, b)).sub(b).abs().max().item()).isLessThan(1e-9);
      LinearAlgebra.Qr qr = LinearAlgebra.qr(a);
      assertThat(qr.q().matmul(qr.r()).sub(a).abs().max().item()).isLessThan(1e-12);
      LinearAlgebra.Eigen eigen = LinearAlgebra.eigenHermitian(a.add(a.transpose(0, 1)));
      assertThat(eigen.values().sum().item())
          .isCloseTo(2 * a.diagonal(0, 0, 1).sum().item(), within(1e-9));
    }
  }

  @Test
  void writes_in_place() {
    Tensor x = counting(3);
    x.assign(Tensor.of(new float[] {1, 2, 3})).addInPlace(Tensor.ones(Shape.of(3), DType.F32), 2);
    x.mulInPlace(10);
    assertThat(x.toFloatArray()).containsExactly(30, 40, 50);
    assertThat(x.fill(4).toFloatArray()).containsExactly(4, 4, 4);
    assertThat(Arrays.stream(x.contiguous().shape().toArray()).sum()).isEqualTo(3);
  }

  @Test
  void backward_accumulates() {
    Tensor x = counting(3).requiresGrad(true);
    assertThat(x.grad()).isNull();
    x.square().sum().backward();
    x.square().sum().backward();
    Tensor gradient = x.grad();
    assertThat(gradient).isNotNull();
    assertThat(gradient.toFloatArray()).containsExactly(0, 4, 8);
    x.clearGrad();
    assertThat(x.grad()).isNull();
  }

  @Test
  void a_gradient_stays_readable_when_it_is_forgotten() {
    Tensor x = counting(3).requiresGrad(true);
    x.square().sum().backward();
    Tensor first = x.grad();
    x.clearGrad();
    assertThat(first).isNotNull();
    assertThat(first.toFloatArray()).containsExactly(0, 2, 4);
    x.mul(5).sum().backward();
    Tensor second = x.grad();
    assertThat(first.toFloatArray()).containsExactly(0, 2, 4);
    x.close();
    assertThat(second).isNotNull();
    assertThat(second.toFloatArray()).containsExactly(5, 5, 5);
  }

  @Test
  void two_threads_may_close_a_tensor_at_once() throws InterruptedException {
    long before = TensorScope.liveHandles();
    for (int i = 0; i < 300; i++) {
      Tensor x = TensorScope.release(Tensor.ones(Shape.of(3), DType.F32));
      Thread other = Thread.ofPlatform().start(x::close);
      x.close();
      other.join();
    }
    assertThat(TensorScope.liveHandles()).isEqualTo(before);
  }
}
