package dev.heed.attention;

import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of PyTorch's {@code MultiheadAttention}, which joins three projections in one. */
final class TorchProjections {
  private static final List<String> PARTS = List.of("q_proj", "k_proj", "v_proj");

  private TorchProjections() {}

  /** All parameters, with every joint projection cut into its three parts. */
  static Map<String, Tensor> split(Map<String, Tensor> params) {
    Map<String, Tensor> parts = new LinkedHashMap<>();
    params.forEach((name, tensor) -> {
      if (name.endsWith("in_proj_weight") || name.endsWith("in_proj_bias")) {
        String kind = name.endsWith("weight") ? ".weight" : ".bias";
        String prefix = name.substring(0, name.lastIndexOf("in_proj"));
        for (int i = 0; i < PARTS.size(); i++) {
          long size = tensor.size(0) / PARTS.size();
          parts.put(prefix + PARTS.get(i) + kind, tensor.narrow(0, i * size, size));
        }
      } else {
        parts.put(name.replaceFirst("([qkv]_proj)_weight$", "$1.weight"), tensor);
      }
    });
    return parts;
  }

  /** The projections below a path, of the sizes that the parameters have. */
  static HeadProjections of(Weights weights, Map<String, Tensor> parts, String path) {
    return new HeadProjections.Separate(
        linear(weights, parts, path + "q_proj"),
        linear(weights, parts, path + "k_proj"),
        linear(weights, parts, path + "v_proj"),
        linear(weights, parts, path + "out_proj"));
  }

  static Linear linear(Weights weights, Map<String, Tensor> parts, String name) {
    Tensor weight = parts.get(name + ".weight");
    if (weight == null) {
      throw new IllegalArgumentException(name + ": no weight among " + parts.keySet());
    }
    boolean bias = parts.containsKey(name + ".bias");
    return Linear.of(weights.child(name), weight.size(1), weight.size(0), bias);
  }
}
