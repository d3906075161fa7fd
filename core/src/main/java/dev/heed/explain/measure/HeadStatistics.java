package dev.heed.explain.measure;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of heads over the texts of a batch.
 *
 * @param attentions {@code [layers, batch, heads, tokens, tokens]}; owned by the caller
 * @param lengths how many tokens each text has; what follows is padding
 * @param causal whether queries see only what is before them
 * @param ids for each text the tokens' ids, or null where tokens have none
 */
public record HeadStatistics(
    Tensor attentions, int[] lengths, boolean causal, @Nullable List<long[]> ids) {
  /**
   * Checks the shapes.
   *
   * @throws ShapeException if they do not fit
   */
  public HeadStatistics {
    boolean fits = attentions.rank() == 5 && attentions.size(3) == attentions.size(4);
    if (!fits || attentions.size(1) != lengths.length) {
      throw new ShapeException(
          "head statistics: expected attention [layers, batch, heads, tokens, tokens] and a length"
              + " for each text, got "
              + attentions.shape()
              + " and "
              + lengths.length
              + " lengths");
    }
    for (int length : lengths) {
      if (length < 1 || length > attentions.size(3)) {
        throw new ShapeException(
            "text: expected 1 to " + attentions.size(3) + " tokens, got " + length);
      }
    }
    if (ids != null && (ids.size() != lengths.length || !allOf(ids, attentions.size(3)))) {
      throw new ShapeException(
          "ids: expected one for each token of "
              + attentions.shape()
              + ", got "
              + ids.size()
              + " texts");
    }
  }

  private static boolean allOf(List<long[]> ids, long tokens) {
    return ids.stream().allMatch(row -> row.length == tokens);
  }

  /**
   * Texts as their mask has them.
   *
   * @param mask {@code [batch, tokens]}, not zero where there is a token; padding on the right
   * @param ids {@code [batch, tokens]}, or null
   * @throws IllegalArgumentException if there is padding before a token
   */
  public static HeadStatistics of(
      Tensor attentions, Tensor mask, boolean causal, @Nullable Tensor ids) {
    int tokens = Math.toIntExact(mask.size(1));
    double[] seen = mask.toDoubleArray();
    int[] lengths = new int[seen.length / tokens];
    for (int i = 0; i < seen.length; i++) {
      if (seen[i] != 0) {
        if (lengths[i / tokens] != i % tokens) {
          throw new IllegalArgumentException(
              "mask: expected padding on the right, got padding before token " + i % tokens);
        }
        lengths[i / tokens]++;
      }
    }
    return new HeadStatistics(attentions, lengths, causal, ids == null ? null : rows(ids));
  }

  private static List<long[]> rows(Tensor ids) {
    long[] all = ids.toLongArray();
    int tokens = Math.toIntExact(ids.size(1));
    return IntStream.range(0, all.length / tokens)
        .mapToObj(row -> Arrays.copyOfRange(all, row * tokens, (row + 1) * tokens))
        .toList();
  }

  /**
   * The mean over all queries of all texts together.
   *
   * @return f64 {@code [layers, heads]}; not a number where no query counts
   */
  public Tensor mean(HeadStatistic statistic) {
    int heads = Math.toIntExact(attentions.size(2));
    double[] means = new double[Math.toIntExact(attentions.size(0)) * heads];
    double[] sums = new double[heads];
    double[] counts = new double[heads];
    for (int layer = 0; layer < attentions.size(0); layer++) {
      Arrays.fill(sums, 0);
      Arrays.fill(counts, 0);
      visit(
          layer,
          (text, head, query) -> {
            double value = statistic.of(query);
            sums[head] += Double.isNaN(value) ? 0 : value;
            counts[head] += Double.isNaN(value) ? 0 : 1;
          });
      for (int head = 0; head < heads; head++) {
        means[layer * heads + head] = sums[head] / counts[head];
      }
    }
    return Tensor.of(means, attentions.size(0), heads);
  }

  /**
   * The number of every query.
   *
   * @return f64 {@code [layers, batch, heads, tokens]}; 0 for padding
   */
  public Tensor each(HeadStatistic statistic) {
    int heads = Math.toIntExact(attentions.size(2));
    int tokens = Math.toIntExact(attentions.size(3));
    int layers = Math.toIntExact(attentions.size(0));
    double[] values = new double[layers * lengths.length * heads * tokens];
    for (int layer = 0; layer < layers; layer++) {
      int texts = layer * lengths.length;
      visit(
          layer,
          (text, head, query) ->
              values[((texts + text) * heads + head) * tokens + query.position()] =
                  statistic.of(query));
    }
    return Tensor.of(values, layers, lengths.length, heads, tokens);
  }

  @FunctionalInterface
  private interface QueryVisitor {
    void visit(int text, int head, QueryAttention query);
  }

  private void visit(int layer, QueryVisitor visitor) {
    int heads = Math.toIntExact(attentions.size(2));
    int tokens = Math.toIntExact(attentions.size(3));
    double[] weights;
    try (Tensor maps = attentions.select(0, layer)) {
      weights = maps.toDoubleArray();
    }
    for (int text = 0; text < lengths.length; text++) {
      for (int head = 0; head < heads; head++) {
        for (int position = 0; position < lengths[text]; position++) {
          int offset = ((text * heads + head) * tokens + position) * tokens;
          long @Nullable [] words = ids == null ? null : ids.get(text);
          visitor.visit(
              text,
              head,
              new QueryAttention(weights, offset, position, lengths[text], causal, words));
        }
      }
    }
  }
}
