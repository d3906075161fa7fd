package dev.heed.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.StorageType;
import dev.heed.tensor.DType;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.PackedLinear;
import dev.heed.tensor.Shape;
import dev.heed.tensor.StoredTensors;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.tensor.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights multiplied as they lie in a file: the numbers that their floats give. */
@Tag("unit")
class StoredProductsTest {
  private static final double TOLERANCE = 2e-6;
  private static final int[][] SIZES = {
    {1, 256, 1},
    {1, 512, 5},
    {1, 256, 77},
    {2, 2304, 33},
    {3, 256, 64},
    {4, 512, 31},
    {9, 768, 70},
    {133, 512, 300}
  };

  /**
   * A stored type.
   *
   * @param halves where a block's numbers in half precision stand
   */
  private record Stored(StorageType type, int... halves) {
    @Override
    public String toString() {
      return type.name();
    }

    MemorySegment random(long count, Arena arena, long seed) {
      Random random = new Random(seed);
      int size = type.bits() / 8;
      long blocks = count / type.block();
      MemorySegment bytes = arena.allocate(blocks * size + 1).asSlice(1); // aligned to nothing
      byte[] noise = new byte[Math.toIntExact(bytes.byteSize())];
      random.nextBytes(noise);
      MemorySegment.copy(noise, 0, bytes, ValueLayout.JAVA_BYTE, 0, noise.length);
      for (long block = 0; block < blocks; block++) {
        for (int half : halves) {
          float scale = (float) random.nextGaussian() / 16;
          short bits =
              type == StorageType.BF16
                  ? (short) (Float.floatToRawIntBits(scale) >>> Short.SIZE)
                  : Float.floatToFloat16(scale);
          bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, block * size + half, bits);
        }
      }
      return bytes;
    }
  }

  static Stream<Stored> types() {
    return Stream.of(
        new Stored(StorageType.BF16, 0),
        new Stored(StorageType.F16, 0),
        new Stored(StorageType.Q8_0, 0),
        new Stored(StorageType.Q4_0, 0),
        new Stored(StorageType.Q4_1, 0, 2),
        new Stored(StorageType.Q5_0, 0),
        new Stored(StorageType.Q5_1, 0, 2),
        new Stored(StorageType.Q2_K, 80, 82),
        new Stored(StorageType.Q3_K, 108),
        new Stored(StorageType.Q4_K, 0, 2),
        new Stored(StorageType.Q5_K, 0, 2),
        new Stored(StorageType.Q6_K, 208),
        new Stored(StorageType.IQ4_NL, 0),
        new Stored(StorageType.IQ4_XS, 0));
  }

  private static void onJava(Runnable body) {
    EngineChoice.during(
        EngineChoice.Kind.JAVA,
        () -> {
          try (TensorScope scope = TensorScope.open()) {
            body.run();
          }
          return body;
        });
  }

  private static void byPlainLoops(Runnable body) {
    Kernels before = Kernels.take(new Kernels(Kernels.scalar(), "chosen by a test"));
    try {
      body.run();
    } finally {
      Kernels.take(before);
    }
  }

  /** The tensor over the bytes, and its floats. */
  private record Both(Tensor stored, Tensor floats) {}

  private static Both weights(Stored kind, Arena arena, long rows, long depth) {
    Shape shape = Shape.of(rows, depth);
    MemorySegment bytes = kind.random(shape.elements(), arena, 31 * rows + depth);
    if (kind.type().block() == 1) {
      Tensor half = StoredTensors.of(bytes, kind.type().dtype().orElseThrow(), shape);
      return new Both(StoredTensors.widened(half), half.to(DType.F32));
    }
    return new Both(
        BlockReader.stored(kind.type(), shape, bytes),
        BlockReader.read("a test", kind.type(), shape, bytes));
  }

  private static void assertProduct(Tensor got, Tensor x, Tensor w, String what) {
    Tensor wide = w.to(DType.F64);
    Tensor wanted = x.to(DType.F64).matmul(wide.transpose(0, 1));
    Tensor scale = x.to(DType.F64).abs().matmul(wide.abs().transpose(0, 1)).add(1e-6);
    double worst = got.to(DType.F64).sub(wanted).abs().div(scale).max().item();
    assertThat(worst).as(what).isLessThan(TOLERANCE);
  }

  private static Tensor factors(long... sizes) {
    Random random = new Random(sizes[0]);
    float[] values = new float[(int) Shape.of(sizes).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, sizes);
  }

  @ParameterizedTest
  @MethodSource("types")
  void products_are_those_of_the_floats(Stored kind) {
    try (Arena arena = Arena.ofShared()) {
      Runnable body =
          () -> {
            for (int[] s : SIZES) {
              Both w = weights(kind, arena, s[2], s[1]);
              Tensor x = factors(s[0], s[1]);
              String what = kind + " " + List.of(s[0], s[1], s[2]);
              assertProduct(x.linear(w.stored(), null), x, w.floats(), what);
              assertProduct(x.matmul(w.stored().transpose(0, 1)), x, w.floats(), what);
              assertThat(StoredTensors.format(w.stored())).contains(kind.type().name());
            }
          };
      onJava(body);
      byPlainLoops(() -> onJava(body));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void tiny_and_huge_factors_lose_nothing(Stored kind) {
    try (Arena arena = Arena.ofShared()) {
      onJava(() -> {
        Both w = weights(kind, arena, 64, 512);
        for (double size : new double[] {1e-30, 1e-12, 1e9, 1e30}) {
          Tensor x = factors(1, 512);
          Tensor got = x.mul(size).linear(w.stored(), null).div(size);
          assertProduct(got, x, w.floats(), kind + " times " + size);
        }
        Tensor zero = Tensor.zeros(Shape.of(1, 512), DType.F32);
        assertThat(zero.linear(w.stored(), null).abs().max().item()).isZero();
      });
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void a_factor_that_is_no_number_is_seen(Stored kind) {
    try (Arena arena = Arena.ofShared()) {
      onJava(() -> {
        Both w = weights(kind, arena, 64, 512);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
          float[] values = factors(1, 512).toFloatArray();
          values[100] = bad;
          for (float got : Tensor.of(values, 1, 512).linear(w.stored(), null).toFloatArray()) {
            assertThat(Float.isFinite(got)).as(kind + " times " + bad).isFalse();
          }
        }
      });
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void rows_and_parts_are_those_of_the_floats(Stored kind) {
    try (Arena arena = Arena.ofShared()) {
      onJava(() -> {
        Both w = weights(kind, arena, 12, 512);
        Tensor ids = Tensor.of(new long[] {3, 0, 11, 3}, 2, 2);
        assertSame(w.stored().embedding(ids, -1), w.floats().embedding(ids, -1));
        assertSame(
            w.stored().indexSelect(0, ids.reshape(4)), w.floats().indexSelect(0, ids.reshape(4)));
        Tensor x = factors(2, 512);
        assertProduct(
            x.linear(w.stored().narrow(0, 5, 6), null), x, w.floats().narrow(0, 5, 6), "rows");
        Tensor half = x.narrow(1, 256, 256).contiguous();
        Tensor right = w.floats().narrow(1, 256, 256);
        assertProduct(half.linear(w.stored().narrow(1, 256, 256), null), half, right, "columns");
        Tensor turned = w.stored().reshape(2, 3, 2, 512).transpose(1, 2).contiguous();
        assertThat(StoredTensors.format(turned)).contains(kind.type().name());
        assertSame(turned, w.floats().reshape(2, 3, 2, 512).transpose(1, 2));
        assertSame(w.stored().narrow(1, 7, 100).add(1), w.floats().narrow(1, 7, 100).add(1));
        assertSame(w.stored().transpose(0, 1).contiguous(), w.floats().transpose(0, 1));
      });
    }
  }

  private static void assertSame(Tensor got, Tensor wanted) {
    assertThat(got.toFloatArray()).containsExactly(wanted.contiguous().toFloatArray());
  }

  @ParameterizedTest
  @MethodSource("types")
  void maps_in_one_are_each_of_them(Stored kind) {
    try (Arena arena = Arena.ofShared()) {
      onJava(() -> {
        Both first = weights(kind, arena, 40, 256);
        Both second = weights(kind, arena, 7, 256);
        Tensor bias = factors(47);
        Tensor x = factors(5, 256);
        try (PackedLinear map =
            PackedLinear.of(
                List.of(first.stored(), second.stored()),
                List.of(bias.narrow(0, 0, 40), bias.narrow(0, 40, 7)))) {
          Tensor got = map.apply(x, PackedLinear.Then.NOTHING).sub(bias);
          assertProduct(got, x, Tensor.cat(List.of(first.floats(), second.floats()), 0), "both");
          Tensor activated = map.apply(x, PackedLinear.Then.RELU);
          assertThat(activated.min().item()).isZero();
        }
      });
    }
  }

  @Test
  void a_change_in_place_is_seen_and_the_file_is_not_written() {
    Stored kind = new Stored(StorageType.Q8_0, 0);
    try (Arena arena = Arena.ofShared()) {
      onJava(() -> {
        Both w = weights(kind, arena, 3, 32);
        Tensor x = factors(1, 32);
        w.stored().addInPlace(Tensor.ones(Shape.of(3, 32), DType.F32), 2);
        assertThat(StoredTensors.format(w.stored())).isEmpty();
        assertProduct(x.linear(w.stored(), null), x, w.floats().add(2), "changed");
        MemorySegment plain = arena.allocate(16);
        Tensor mapped = StoredTensors.of(plain, DType.F32, Shape.of(2, 2));
        mapped.fill(7);
        assertThat(mapped.toFloatArray()).containsExactly(7, 7, 7, 7);
        assertThat(plain.get(ValueLayout.JAVA_FLOAT, 0)).isZero();
      });
    }
  }
}
