package dev.heed.verify;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recorded tensors in the layout that Heed gives, where a reference fills its input up to whole
 * blocks and cuts attention into them: LongT5's weights {@code [B, blocks, H, block, G + 3·block]},
 * each block beside its neighbours, and Pegasus-X's, with states of tokens and of global tokens
 * apart. What the reference computes for the filling belongs to nothing and is left out.
 */
final class RecordedLayout {
  private static final String ENCODER = "output.encoder_";

  private static final Pattern APART =
      Pattern.compile("output\\.encoder_(attentions|hidden_states)\\.(\\d+)\\.(0|1|local|global)");

  private RecordedLayout() {}

  /** Adds results under the names of what is recorded apart. */
  static void give(GoldenFile recorded, Map<String, Tensor> results) {
    for (String name : new TreeSet<>(recorded.group("output"))) {
      String key = "output." + name;
      if (key.startsWith(ENCODER)) {
        apart(recorded, key, results);
        together(recorded, key, results);
      }
    }
  }

  private static void apart(GoldenFile recorded, String key, Map<String, Tensor> results) {
    Matcher found = APART.matcher(key);
    if (found.matches()) {
      String own = found.group(1) + "." + found.group(2);
      boolean global = found.group(3).equals("1") || found.group(3).equals("global");
      boolean states = found.group(1).equals("hidden_states");
      Tensor all = results.get(ENCODER + (states && global ? "global_" : "") + own);
      if (all != null) {
        results.put(key, states ? all : rows(recorded.read(key), all, global));
      }
    }
  }

  private static void together(GoldenFile recorded, String key, Map<String, Tensor> results) {
    Tensor tokens = results.get(key);
    Tensor sums = results.get(ENCODER + "global_" + key.substring(ENCODER.length()));
    if (tokens != null && sums != null && recorded.read(key).rank() == 5) {
      results.put(key, Tensor.cat(List.of(sums, tokens), -1));
    }
  }

  /** The rows of global tokens, which stand first, or of the others. */
  private static Tensor rows(Tensor recorded, Tensor weights, boolean global) {
    long first = global ? recorded.size(2) : recorded.size(4) - recorded.size(3);
    return global ? weights.narrow(2, 0, first) : weights.narrow(2, first, weights.size(2) - first);
  }

  /**
   * What is recorded under a key, as it is or, if a reference has a layout of its own, in the shape
   * of what is compared with it.
   */
  static Tensor of(GoldenFile recorded, String key, Tensor value) {
    Tensor expected = recorded.read(key);
    if (expected.rank() == 5 && value.rank() == 4 && key.endsWith(".local")) {
      return own(expected, value);
    }
    if (expected.rank() == 5 && value.rank() == 4) {
      return besideNeighbours(expected, value);
    }
    if (expected.rank() == 4 && value.rank() == 4 && key.endsWith(".global")) {
      int block = (int) recorded.read(key.replace(".global", ".local")).size(3);
      return global(expected, value, block);
    }
    boolean filled =
        key.startsWith("output.encoder_hidden_states.")
            && expected.rank() == 3
            && value.rank() == 3
            && expected.size(1) > value.size(1);
    return filled ? expected.narrow(1, 0, value.size(1)) : expected;
  }

  /** From {@code [B, blocks, H, block, 3·block + G]} to {@code [B, H, T, G + T]}. */
  private static Tensor besideNeighbours(Tensor expected, Tensor value) {
    int block = (int) expected.size(3);
    int globals = (int) (value.size(3) - value.size(2));
    int near = (int) expected.size(4) - globals;
    return spread(
        expected.transpose(1, 2).flatten(2, 3),
        value,
        0,
        (query, column) ->
            column >= near ? column - near : behind(globals, (query / block - 1) * block + column));
  }

  /** From {@code [B, H, blocks, block, G + block]} to {@code [B, H, T, G + T]}. */
  private static Tensor own(Tensor expected, Tensor value) {
    int block = (int) expected.size(3);
    int globals = (int) expected.size(4) - block;
    int moved = moved((int) expected.size(2) * block, (int) value.size(2), block);
    return spread(
        expected.flatten(2, 3),
        value,
        moved,
        (query, column) ->
            column < globals
                ? column
                : behind(globals, column - globals + (query + moved) / block * block - moved));
  }

  /** The place of a token's key behind those of global tokens; none before the first token. */
  private static int behind(int globals, int token) {
    return token < 0 ? token : globals + token;
  }

  /** From {@code [B, H, G, G + filled]} to {@code [B, H, G, G + T]}. */
  private static Tensor global(Tensor expected, Tensor value, int block) {
    int globals = (int) value.size(2);
    int time = (int) value.size(3) - globals;
    int moved = moved((int) expected.size(3) - globals, time, block);
    return Tensor.cat(
        List.of(expected.narrow(3, 0, globals), expected.narrow(3, globals + moved, time)), 3);
  }

  /** How much filling stands in front: half a block where the blocks are moved by as much. */
  private static int moved(int filled, int time, int block) {
    return filled > Math.ceilDiv(time, block) * block ? block / 2 : 0;
  }

  /**
   * Weights of each query's own keys among all keys.
   *
   * @param rows {@code [B, H, filled, width]}
   * @param value {@code [B, H, T, keys]}
   * @param moved the row of the first query
   * @param key of a query and a column; none where it is no key
   */
  private static Tensor spread(Tensor rows, Tensor value, int moved, IntBinaryOperator key) {
    int planes = (int) (value.size(0) * value.size(1));
    int queries = (int) value.size(2);
    int keys = (int) value.size(3);
    int filled = (int) rows.size(2);
    int width = (int) rows.size(3);
    double[] from = rows.toDoubleArray();
    double[] to = new double[planes * queries * keys];
    for (int plane = 0; plane < planes; plane++) {
      for (int query = 0; query < queries; query++) {
        for (int column = 0; column < width; column++) {
          int at = key.applyAsInt(query, column);
          if (at >= 0 && at < keys) {
            to[(plane * queries + query) * keys + at] =
                from[(plane * filled + query + moved) * width + column];
          }
        }
      }
    }
    return Tensor.of(to, value.shape().toArray());
  }
}
