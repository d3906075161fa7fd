package dev.heed.attention.kernel;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every head size from 1 to 320 on every path against the formula in double: output, gradients,
 * weights on demand, in scratch that is full of NaN.
 *
 * <p>Lengths, masks and types take turns; {@code -Dheed.exhaustive=true} crosses them all (about an
 * hour). Sizes come in shuffled order, so that scratch grows and is reused by narrower heads.
 */
@Tag("unit")
class HeadSizeTest {
  private static final int LARGEST = 320;
  private static final boolean EXHAUSTIVE = Boolean.getBoolean("heed.exhaustive");

  /** Either side of tiles and of groups of them. */
  private static final int[] LENGTHS = {1, 31, 33, 65, 97, 129, 161, 193, 257};

  /** For paths that take a hundred times as long. */
  private static final int[] SHORT_LENGTHS = {1, 7, 13, 31, 33, 47, 65};

  private static final List<DType> TYPES = List.of(DType.F32, DType.BF16, DType.F16);

  @TestFactory
  Stream<DynamicTest> every_head_size_by_vectors() {
    return everySize(AttentionPath.VECTOR, LENGTHS, TYPES);
  }

  @TestFactory
  Stream<DynamicTest> every_head_size_by_plain_loops() {
    return everySize(
        AttentionPath.SCALAR, SHORT_LENGTHS, List.of(DType.F64, DType.F32, DType.BF16, DType.F16));
  }

  @TestFactory
  Stream<DynamicTest> every_head_size_by_libtorch() {
    return everySize(AttentionPath.LIBTORCH, SHORT_LENGTHS, TYPES);
  }

  private static Stream<DynamicTest> everySize(
      AttentionPath path, int[] lengths, List<DType> types) {
    List<Integer> sizes = new ArrayList<>(IntStream.rangeClosed(1, LARGEST).boxed().toList());
    Collections.shuffle(sizes, new Random(97));
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      int width = sizes.get(i);
      int turn = i;
      tests.add(
          DynamicTest.dynamicTest(
              "head size " + width,
              () -> OnPath.run(path, () -> compare(width, turn, lengths, types))));
    }
    return tests.stream();
  }

  private static void compare(int width, int turn, int[] lengths, List<DType> types) {
    if (!EXHAUSTIVE) {
      // The number of lengths, masks and other types have no common divisor: in time all meet.
      List<DType> two = List.of(types.getFirst(), types.get(1 + turn % (types.size() - 1)));
      for (int i = 0; i < two.size(); i++) {
        AttentionMask mask = masks().get((turn + i) % masks().size());
        compare(width, lengths[(turn + 4 * i) % lengths.length], mask, two.get(i));
      }
      return;
    }
    for (int length : lengths) {
      for (AttentionMask mask : masks()) {
        for (DType type : types) {
          compare(width, length, mask, type);
        }
      }
    }
  }

  private static List<@Nullable AttentionMask> masks() {
    return Arrays.asList(
        null,
        AttentionMask.causal(),
        AttentionMask.slidingWindow(40),
        AttentionMask.firstKeys(29).and(AttentionMask.causal()),
        (b, h, q, k) -> (q * 31 + k * 17 + h * 5 + b * 3) % 3 != 0);
  }

  private static void compare(int width, int length, @Nullable AttentionMask mask, DType type) {
    int before = Backend.threads();
    Backend.threads(1); // so that all work meets the poisoned scratch of this thread
    try {
      Sizes own = new Sizes(1, 1, 1, length, length, width, width);
      Sizes grouped = new Sizes(1, 2, 1, (length + 1) / 2, length, width, LARGEST + 1 - width);
      for (Sizes sizes : List.of(own, grouped)) {
        OnPath.poisonScratch();
        FormulaCheck.outputAndGradients(sizes, type, mask, null);
        OnPath.poisonScratch();
        FormulaCheck.weights(sizes, type, mask);
      }
    } finally {
      Backend.threads(before);
    }
  }
}
