package dev.heed.bench.mechanisms;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives a mechanism the projections of exact attention, whatever names its own published code has
 * for them, so that what differs is the mechanism alone.
 */
final class SharedProjections {
  /**
   * The exact layer's names, and by which other names they go; several parts are joined in order.
   */
  private static final Map<String, List<String>> PARTS =
      Map.ofEntries(
          Map.entry("q_proj", List.of("q_proj")),
          Map.entry("k_proj", List.of("k_proj")),
          Map.entry("v_proj", List.of("v_proj")),
          Map.entry("out_proj", List.of("out_proj")),
          Map.entry("query", List.of("q_proj")),
          Map.entry("key", List.of("k_proj")),
          Map.entry("value", List.of("v_proj")),
          Map.entry("query_global", List.of("q_proj")),
          Map.entry("key_global", List.of("k_proj")),
          Map.entry("value_global", List.of("v_proj")),
          Map.entry("query_projection", List.of("q_proj")),
          Map.entry("key_projection", List.of("k_proj")),
          Map.entry("value_projection", List.of("v_proj")),
          Map.entry("out_projection", List.of("out_proj")),
          Map.entry("to_q", List.of("q_proj")),
          Map.entry("to_k", List.of("k_proj")),
          Map.entry("to_v", List.of("v_proj")),
          Map.entry("to_out", List.of("out_proj")),
          Map.entry("output", List.of("out_proj")),
          Map.entry("to_qkv", List.of("q_proj", "k_proj", "v_proj")));

  private SharedProjections() {}

  /**
   * Copies the projections.
   *
   * @param exact parameters of the exact layer by name
   * @param other parameters of the mechanism
   * @return whether queries, keys and values are now those of the exact layer
   */
  static boolean copy(Map<String, Tensor> exact, Map<String, Tensor> other) {
    List<String> given = new ArrayList<>();
    try (TensorScope scope = TensorScope.open()) {
      other.forEach((name, target) -> {
        List<String> parts = PARTS.getOrDefault(layer(name), List.of());
        String last = name.substring(name.lastIndexOf('.') + 1);
        List<Tensor> sources =
            parts.stream()
                .map(part -> exact.get(part + "." + last))
                .filter(t -> t != null)
                .toList();
        if (!parts.isEmpty() && sources.size() == parts.size()) {
          Tensor joined = Tensor.cat(sources.stream().map(Tensor::detach).toList(), 0);
          if (joined.shape().equals(target.shape())) {
            target.detach().assign(joined);
            given.addAll(last.equals("weight") ? parts : List.of());
          }
        }
      });
    }
    return given.containsAll(List.of("q_proj", "k_proj", "v_proj"));
  }

  /** The last part but one of a name, {@code to_q} of {@code layer.to_q.weight}. */
  private static String layer(String name) {
    String[] parts = name.split("\\.", -1);
    return parts.length < 2 ? "" : parts[parts.length - 2];
  }
}
