package dev.heed.explain;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** What attention weights {@code [texts, heads, queries, keys]} are replaced by in a run. */
final class MapChanges {
  private MapChanges() {}

  /** All heads look at every key alike that any head of the layer gives weight. */
  static UnaryOperator<Tensor> uniform() {
    return weights -> TensorScope.run(() -> even(weights).expand(weights.shape().toArray()));
  }

  /** One head does. */
  static UnaryOperator<Tensor> uniform(int head) {
    return weights -> TensorScope.run(() -> replaced(weights, 1, head, even(weights)));
  }

  private static Tensor even(Tensor weights) {
    Tensor seen = weights.sum(1, true).ne(0).to(weights.dtype());
    return seen.div(seen.sum(-1, true));
  }

  /**
   * One head has other weights for some queries.
   *
   * @param first of the queries
   * @param rows {@code [text][query][key]}
   */
  static UnaryOperator<Tensor> rows(int head, int first, double[][][] rows) {
    return weights ->
        TensorScope.run(() -> {
          int count = rows[0].length;
          int keys = rows[0][0].length;
          double[] all = new double[rows.length * count * keys];
          for (int i = 0; i < rows.length * count; i++) {
            System.arraycopy(rows[i / count][i % count], 0, all, i * keys, keys);
          }
          Tensor other = Tensor.of(all, rows.length, 1, count, keys).to(weights.dtype());
          return replaced(weights, 1, head, replaced(weights.narrow(1, head, 1), 2, first, other));
        });
  }

  /** The same with other values from a place of a dimension on. */
  private static Tensor replaced(Tensor all, int dim, int at, Tensor part) {
    long end = at + part.size(dim);
    List<Tensor> parts =
        List.of(all.narrow(dim, 0, at), part, all.narrow(dim, end, all.size(dim) - end));
    return Tensor.cat(parts.stream().filter(one -> one.size(dim) > 0).toList(), dim);
  }

  /** The weights of a query in another order; keys without weight stay without. */
  static double[] shuffled(double[] row, long seed) {
    int[] seen = java.util.stream.IntStream.range(0, row.length).filter(i -> row[i] != 0).toArray();
    int[] from = seen.clone();
    Random random = new Random(seed);
    for (int i = from.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = from[i];
      from[i] = from[other];
      from[other] = kept;
    }
    double[] shuffled = new double[row.length];
    for (int i = 0; i < seen.length; i++) {
      shuffled[seen[i]] = row[from[i]];
    }
    return shuffled;
  }
}
