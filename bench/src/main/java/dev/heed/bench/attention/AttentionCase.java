package dev.heed.bench.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the benchmark.
 *
 * @param group which target it belongs to: {@code grid}, {@code masked}, {@code sparse}, {@code
 *     decode}
 * @param heads batch times heads
 * @param keyHeads batch times heads of keys
 * @param queries {@code Tq}
 * @param keys {@code Tk}
 * @param width {@code D}
 * @param pattern who sees whom
 * @param dtype of all tensors
 * @param training forward and backward, or forward alone
 */
record AttentionCase(
    String group,
    int heads,
    int keyHeads,
    int queries,
    int keys,
    int width,
    Pattern pattern,
    DType dtype,
    boolean training) {

  private static final int[][] GRID = {
    {96, 128, 64}, {12, 512, 64}, {12, 2048, 64}, {8, 8192, 64}, {8, 4096, 128}
  };

  /** Without AMX, LibTorch's bf16 takes minutes beyond this. */
  private static final int LONGEST_BF16_TRAINING = 512;

  String label() {
    String heads = keyHeads == heads() ? "" + heads() : heads() + "/" + keyHeads;
    return heads + " × " + queries + (keys == queries ? "" : " × " + keys) + " × " + width;
  }

  /** Sequences of the batch. */
  int sequences() {
    return pattern.differsBySequence() ? heads : 1;
  }

  /** The mask of the pattern, or null for all pairs. */
  @Nullable AttentionMask mask() {
    return pattern.mask(sequences(), keys);
  }

  /** The grid: dense and causal, then where LibTorch needs a matrix, sparse patterns, decoding. */
  static List<AttentionCase> all() {
    List<AttentionCase> cases = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      for (boolean training : new boolean[] {false, true}) {
        for (int[] size : GRID) {
          if (training && dtype == DType.BF16 && size[1] > LONGEST_BF16_TRAINING) {
            continue;
          }
          for (Pattern pattern : List.of(Pattern.FULL, Pattern.CAUSAL)) {
            cases.add(square("grid", size[0], size[1], size[2], pattern, dtype, training));
          }
        }
      }
    }
    for (Pattern pattern : List.of(Pattern.PADDING, Pattern.RAGGED, Pattern.ALIBI)) {
      for (int[] size : List.of(GRID[0], GRID[1], GRID[2])) {
        cases.add(square("masked", size[0], size[1], size[2], pattern, DType.F32, false));
      }
    }
    cases.add(square("masked", 8, 4096, 64, Pattern.WINDOW, DType.F32, false));
    for (int length : new int[] {4096, 16384, 65536}) {
      cases.add(square("sparse", 1, length, 64, Pattern.WINDOW, DType.F32, false));
    }
    cases.add(square("sparse", 1, 16384, 64, Pattern.FULL, DType.F32, false));
    cases.add(square("long", 1, 65536, 64, Pattern.CAUSAL, DType.F32, false));
    for (Pattern pattern : List.of(Pattern.LONGFORMER, Pattern.BIGBIRD, Pattern.DOCUMENTS)) {
      cases.add(square("sparse", 1, 4096, 64, pattern, DType.F32, false));
      cases.add(square("sparse", 1, 16384, 64, pattern, DType.F32, false));
    }
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      for (int keys : new int[] {4096, 32768}) {
        cases.add(new AttentionCase("decode", 32, 8, 1, keys, 128, Pattern.FULL, dtype, false));
      }
    }
    return cases;
  }

  private static AttentionCase square(
      String group,
      int heads,
      int length,
      int width,
      Pattern pattern,
      DType dtype,
      boolean training) {
    return new AttentionCase(group, heads, heads, length, length, width, pattern, dtype, training);
  }
}
