package dev.heed.attention.sparse;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of each sequence that see all and are seen by all, in slots of equal number.
 *
 * @param positions i64 {@code [B, G]}, 0 in a slot without a token
 * @param filled bool {@code [B, G]}
 * @param rows of the queries' type, {@code [B, T, G]}: 1 where slot g holds token t
 */
record GlobalTokens(Tensor positions, Tensor filled, Tensor rows) {
  /**
   * The tokens with a positive entry, in their order.
   *
   * @param attentionMask i64 {@code [B, T]}
   */
  static GlobalTokens of(Tensor attentionMask, DType dtype) {
    int batch = Math.toIntExact(attentionMask.size(0));
    int length = Math.toIntExact(attentionMask.size(1));
    long[] kinds = attentionMask.toLongArray();
    List<List<Integer>> found = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      List<Integer> tokens = new ArrayList<>();
      for (int t = 0; t < length; t++) {
        if (kinds[b * length + t] > 0) {
          tokens.add(t);
        }
      }
      found.add(tokens);
    }
    int slots = found.stream().mapToInt(List::size).max().orElse(0);
    long[] positions = new long[batch * slots];
    boolean[] filled = new boolean[batch * slots];
    double[] rows = new double[batch * length * slots];
    for (int b = 0; b < batch; b++) {
      for (int g = 0; g < found.get(b).size(); g++) {
        int token = found.get(b).get(g);
        positions[b * slots + g] = token;
        filled[b * slots + g] = true;
        rows[(b * length + token) * slots + g] = 1;
      }
    }
    return new GlobalTokens(
        Tensor.of(positions, batch, slots),
        Tensor.of(filled, batch, slots),
        Tensor.of(rows, batch, length, slots).to(dtype));
  }

  boolean isEmpty() {
    return positions.size(1) == 0;
  }

  /** The slots' vectors of {@code [B, T, size]}, as {@code [B, G, size]}. */
  Tensor select(Tensor x) {
    return x.gather(1, positions.unsqueeze(-1).expand(-1, -1, x.size(-1)));
  }
}
