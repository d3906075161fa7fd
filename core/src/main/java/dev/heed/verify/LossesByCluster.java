package dev.heed.verify;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * One reference (Transformer-XL) lists losses cluster by cluster of the vocabulary, whatever places
 * their labels stand at; those that do not count come last.
 */
final class LossesByCluster {
  private static final String LOSSES = "output.losses";

  private LossesByCluster() {}

  /** Puts losses {@code [B, T - 1]} in the recorded order. */
  static void order(JsonNode config, GoldenFile recorded, Map<String, Tensor> results) {
    Tensor losses = results.get(LOSSES);
    if (losses == null || !recorded.has(LOSSES) || !config.path("cutoffs").isArray()) {
      return;
    }
    Tensor labels = recorded.read("input.labels");
    long[] next = labels.narrow(1, 1, labels.size(1) - 1).contiguous().toLongArray();
    int[] cutoffs =
        IntStream.range(0, config.path("cutoffs").size())
            .map(i -> config.path("cutoffs").get(i).asInt(0))
            .toArray();
    long[] order =
        IntStream.range(0, next.length)
            .boxed()
            .sorted(java.util.Comparator.comparing(at -> cluster(next[at], cutoffs)))
            .mapToLong(at -> at)
            .toArray();
    Tensor sorted = losses.flatten(0, 1).indexSelect(0, Tensor.of(order, order.length));
    results.put(LOSSES, sorted.view(losses.size(0), losses.size(1)));
  }

  private static int cluster(long label, int[] cutoffs) {
    return label < 0
        ? Integer.MAX_VALUE
        : (int) IntStream.of(cutoffs).filter(cutoff -> label >= cutoff).count();
  }
}
