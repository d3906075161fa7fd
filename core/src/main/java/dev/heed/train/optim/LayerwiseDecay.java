package dev.heed.train.optim;

import dev.heed.nn.PathPattern;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lower layers learn slower: of n layers, layer i (from 1) has the rate {@code η d^(n + 1 - i)},
 * what stands below the layers {@code η d^(n + 1)}, and the head η (Howard and Ruder 2018, section
 * 3.2; as in ELECTRA's code).
 *
 * @param decay d in (0, 1]
 */
public record LayerwiseDecay(double decay) {
  private static final Pattern LAYER =
      Pattern.compile("\\.(?:layer|layers|h|block|blocks)\\.(\\d+)\\.");

  /** Checks the range. */
  public LayerwiseDecay {
    if (!(decay > 0 && decay <= 1)) {
      throw new IllegalArgumentException(
          "layer-wise decay: expected a share above 0, to 1, got " + decay);
    }
  }

  /**
   * Groups of parameters, of which the spared ones have no weight decay.
   *
   * @param parameters by name; a layer is what has {@code layer.3}, {@code layers.3}, {@code h.3}
   *     or {@code block.3} in its name
   * @param head the names of those that stand above all layers
   * @param spared {@link PathPattern}s of those without weight decay
   */
  public List<ParameterGroup> groups(
      Map<String, Tensor> parameters,
      Iterable<String> head,
      UpdateRule rule,
      double rate,
      String... spared) {
    Map<String, Integer> depths = new LinkedHashMap<>();
    int layers = 0;
    for (String name : parameters.keySet()) {
      Matcher layer = LAYER.matcher("." + name);
      int depth = layer.find() ? Integer.parseInt(layer.group(1)) + 1 : 0;
      depths.put(name, depth);
      layers = Math.max(layers, depth);
    }
    for (String name : head) {
      depths.replace(name, layers + 1);
    }
    TreeMap<Integer, Map<String, Tensor>> byDepth = new TreeMap<>();
    depths.forEach((name, depth) ->
        byDepth
            .computeIfAbsent(depth, d -> new LinkedHashMap<>())
            .put(name, java.util.Objects.requireNonNull(parameters.get(name))));
    List<ParameterGroup> groups = new ArrayList<>();
    for (Map.Entry<Integer, Map<String, Tensor>> one : byDepth.entrySet()) {
      double share = Math.pow(decay, layers + 1 - one.getKey());
      for (ParameterGroup group :
          ParameterGroup.decayAllBut(one.getValue(), rule, rate * share, spared)) {
        groups.add(
            new ParameterGroup(
                group.name() + " at depth " + one.getKey(),
                group.parameters(),
                group.rule(),
                group.rate()));
      }
    }
    return groups;
  }
}
