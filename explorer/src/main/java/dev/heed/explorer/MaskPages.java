package dev.heed.explorer;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import dev.heed.nn.RunWatch;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.web.Exchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The algebra of masks: what a composed mask lets through, block by block, and what it saves. */
final class MaskPages {
  private static final int LONGEST = 4096;

  /** Up to this length every pair is shown. */
  private static final int MOST_PAIRS = 64;

  /** As the kernel cuts the plane. */
  private static final int TILE_QUERIES = 32;

  private static final int TILE_KEYS = 64;
  private static final int HEADS = 4;
  private static final int SIZE = 64;
  private static final int ROUNDS = 5;
  private static final Set<String> NAMES = Set.of("length", "terms");

  private record Tiles(int queries, int keys, int full, int partial, int empty) {}

  /**
   * A mask.
   *
   * @param side rows and columns of the picture
   * @param rows {@code .} for a cell without pairs, {@code +} with some, {@code #} with all
   */
  private record Drawn(
      int length, long allowed, double share, int side, List<String> rows, Tiles tiles) {}

  private record Speed(
      int length, int heads, int size, int rounds, double masked, double full, double ratio) {}

  private MaskPages() {}

  private static int length(JsonNode json) {
    int length = RequestFields.of(json, NAMES).required("length", LONGEST + 1);
    if (length == 0) {
      throw RequestFields.wrong("length", "a whole number from 1 to " + LONGEST);
    }
    return length;
  }

  static void mask(Exchange exchange) {
    int length = length(exchange.json());
    AttentionMask mask = MaskTerms.of(exchange.json(), length);
    long allowed = 0;
    for (int query = 0; query < length; query++) {
      RunWatch.ask();
      for (int key = 0; key < length; key++) {
        allowed += mask.allows(0, 0, query, key) ? 1 : 0;
      }
    }
    int side = Math.min(length, MOST_PAIRS);
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < side; row++) {
      RunWatch.ask();
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < side; column++) {
        line.append(sign(cell(mask, length, side, row, column)));
      }
      rows.add(line.toString());
    }
    double share = (double) allowed / ((double) length * length);
    MechanismPages.send(
        exchange, new Drawn(length, allowed, share, side, rows, tiles(mask, length)));
  }

  private static BlockKind cell(AttentionMask mask, int length, int side, int row, int column) {
    return kind(
        mask,
        row * length / side,
        (row + 1) * length / side,
        column * length / side,
        (column + 1) * length / side);
  }

  /** Sure of every pair, where {@code classify} may not be. */
  private static BlockKind kind(AttentionMask mask, int fromQ, int toQ, int fromK, int toK) {
    boolean first = mask.allows(0, 0, fromQ, fromK);
    for (int query = fromQ; query < toQ; query++) {
      for (int key = fromK; key < toK; key++) {
        if (mask.allows(0, 0, query, key) != first) {
          return BlockKind.PARTIAL;
        }
      }
    }
    return first ? BlockKind.FULL : BlockKind.EMPTY;
  }

  private static char sign(BlockKind kind) {
    return switch (kind) {
      case EMPTY -> '.';
      case PARTIAL -> '+';
      case FULL -> '#';
    };
  }

  private static Tiles tiles(AttentionMask mask, int length) {
    int[] counts = new int[BlockKind.values().length];
    for (int query = 0; query < length; query += TILE_QUERIES) {
      for (int key = 0; key < length; key += TILE_KEYS) {
        BlockKind kind =
            kind(
                mask,
                query,
                Math.min(length, query + TILE_QUERIES),
                key,
                Math.min(length, key + TILE_KEYS));
        counts[kind.ordinal()]++;
      }
    }
    return new Tiles(
        TILE_QUERIES,
        TILE_KEYS,
        counts[BlockKind.FULL.ordinal()],
        counts[BlockKind.PARTIAL.ordinal()],
        counts[BlockKind.EMPTY.ordinal()]);
  }

  static void speed(Exchange exchange) throws IOException {
    int length = length(exchange.json());
    AttentionMask mask = MaskTerms.of(exchange.json(), length);
    ToldProgress.answer(
        exchange, told -> MechanismCost.alone(told, () -> timed(told, mask, length)));
  }

  private static Speed timed(ToldProgress told, AttentionMask mask, int length) {
    try (TensorScope scope = TensorScope.inference();
        Generator random = new Generator(1)) {
      Shape shape = Shape.of(1, HEADS, length, SIZE);
      Tensor q = Tensor.randn(random, shape, DType.F32);
      Tensor k = Tensor.randn(random, shape, DType.F32);
      Tensor v = Tensor.randn(random, shape, DType.F32);
      double[] medians =
          Stopwatch.medians(
              List.of(
                  () -> run(q, k, v, AttentionSpec.plain().withMask(mask)),
                  () -> run(q, k, v, AttentionSpec.plain())),
              ROUNDS,
              round -> told.at(round, ROUNDS + 1));
      return new Speed(
          length, HEADS, SIZE, ROUNDS, medians[0], medians[1], medians[1] / medians[0]);
    }
  }

  private static void run(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    try (TensorScope one = TensorScope.inference()) {
      ExactAttention.attend(q, k, v, spec);
    }
  }
}
