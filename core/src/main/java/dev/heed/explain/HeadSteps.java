package dev.heed.explain;

import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.Map;

/**
 * What one head computes for one token, step by step: {@code softmax(q·Kᵀ / √d)·V} (Vaswani et al.,
 * Attention Is All You Need, NIPS 2017, equation 1).
 *
 * @param query the token's query, {@code [d]}, as it meets the keys: rotated where the model does
 * @param keys of all tokens, {@code [tokens][d]}
 * @param scores before softmax, {@code [tokens]}: scaled, with what the model adds to them
 * @param weights after softmax, {@code [tokens]}
 * @param values of all tokens, {@code [tokens][d]}
 * @param output the weighted sum of the values, {@code [d]}
 */
public record HeadSteps(
    double[] query,
    double[][] keys,
    double[] scores,
    double[] weights,
    double[][] values,
    double[] output) {
  private static final String PATTERN = ".pattern";

  /** Whether a trace point holds one of the steps. */
  static boolean needs(String point) {
    return point.endsWith(".q")
        || point.endsWith(".keys")
        || point.endsWith(".values")
        || point.endsWith(".scores")
        || point.endsWith(".z");
  }

  /** The steps that a run of one text has recorded beside a pattern. */
  static HeadSteps of(Trace trace, String pattern, int head, int query) {
    String layer = pattern.substring(0, pattern.length() - PATTERN.length());
    return TensorScope.run(() -> {
      Map<String, Tensor> points = trace.values();
      int heads = Math.toIntExact(trace.value(pattern).size(1));
      return new HeadSteps(
          row(points, layer + ".q", head, heads, query),
          rows(points, layer + ".keys", head, heads),
          row(points, layer + ".scores", head, heads, query),
          row(points, pattern, head, heads, query),
          rows(points, layer + ".values", head, heads),
          row(points, layer + ".z", head, heads, query));
    });
  }

  private static double[] row(
      Map<String, Tensor> points, String point, int head, int heads, int row) {
    return rows(points, point, head, heads)[row];
  }

  /** Heads may share keys and values: as many heads in a row as there are for each. */
  private static double[][] rows(Map<String, Tensor> points, String point, int head, int heads) {
    Tensor all = points.get(point);
    if (all == null || all.rank() != 4 || heads % all.size(1) != 0) {
      throw new IllegalArgumentException(
          point + ": expected a head that computes softmax(q·k)·v, got another mechanism");
    }
    Tensor one = all.select(0, 0).select(0, head * all.size(1) / heads);
    double[] numbers = one.toDoubleArray();
    int width = Math.toIntExact(one.size(1));
    double[][] rows = new double[Math.toIntExact(one.size(0))][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(numbers, i * width, (i + 1) * width));
    return rows;
  }
}
