package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.nn.Linear;
import dev.heed.tensor.Tensor;
import dev.heed.train.optim.Muon;
import dev.heed.train.optim.ParameterGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Muon for the weight matrices of a model's layers, and the rule that a group has for all else
 * (embeddings, output heads, norms, biases).
 *
 * <p>The matrices learn at {@code 0.2 √columns} times the group's rate, so that with {@link Muon}'s
 * own factor an update's root mean square is 0.2 of it, as AdamW's usually is (Liu et al. 2025,
 * <i>Muon is Scalable for LLM Training</i>, section 2.2): one learning rate and one weight decay
 * serve both rules.
 */
final class MuonGroups {
  private static final double SHARE = 0.2;
  private static final double MOMENTUM = 0.95;

  private MuonGroups() {}

  /**
   * Groups of the same parameters.
   *
   * @param groups each with the rule of what is no matrix of a layer
   * @param decay λ of matrices
   */
  static List<ParameterGroup> of(List<ParameterGroup> groups, Model model, double decay) {
    Set<String> matrices = matrices(model);
    List<ParameterGroup> split = new ArrayList<>();
    for (ParameterGroup group : groups) {
      Map<String, Tensor> rest = new LinkedHashMap<>(group.parameters());
      Map<Long, Map<String, Tensor>> byColumns = new TreeMap<>();
      group
          .parameters()
          .forEach((name, tensor) -> {
            if (matrices.contains(name)) {
              rest.remove(name);
              byColumns
                  .computeIfAbsent(tensor.size(-1), columns -> new LinkedHashMap<>())
                  .put(name, tensor);
            }
          });
      byColumns.forEach((columns, tensors) -> {
        double factor = SHARE * Math.sqrt(columns);
        split.add(
            new ParameterGroup(
                group.name() + ", matrices of " + columns + " columns",
                tensors,
                new Muon(MOMENTUM, decay / factor),
                group.rate() * factor));
      });
      if (!rest.isEmpty()) {
        split.add(new ParameterGroup(group.name(), rest, group.rule(), group.rate()));
      }
    }
    return split;
  }

  /** Weights of linear maps in numbered layers. */
  private static Set<String> matrices(Model model) {
    Set<String> matrices = new TreeSet<>();
    for (Linear linear : model.modules(Linear.class)) {
      if (linear.path().matches(".*\\.\\d+\\..*")) {
        matrices.add(linear.path() + ".weight");
      }
    }
    return matrices;
  }
}
