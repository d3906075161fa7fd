package dev.heed.train.optim;

import dev.heed.nn.PathPattern;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters that are changed by one rule at one learning rate.
 *
 * @param name for logs
 * @param parameters by name, floating point; they stay the caller's
 * @param rule how they are changed
 * @param rate η before the schedule, from 0
 */
public record ParameterGroup(
    String name, Map<String, Tensor> parameters, UpdateRule rule, double rate) {
  /** Copies the map and checks the rate. */
  public ParameterGroup {
    UpdateRule.requireFinite("learning rate of group " + name, rate);
    parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** One group of all parameters. */
  public static List<ParameterGroup> all(
      Map<String, Tensor> parameters, UpdateRule rule, double rate) {
    return List.of(new ParameterGroup("all", parameters, rule, rate));
  }

  /**
   * Two groups: those whose names fit a pattern are changed without weight decay.
   *
   * @param spared {@link PathPattern}s, usually of biases and norms
   */
  public static List<ParameterGroup> decayAllBut(
      Map<String, Tensor> parameters, UpdateRule rule, double rate, String... spared) {
    List<PathPattern> patterns = Arrays.stream(spared).map(PathPattern::of).toList();
    Map<String, Tensor> decayed = new LinkedHashMap<>();
    Map<String, Tensor> kept = new LinkedHashMap<>();
    parameters.forEach((name, tensor) -> {
      boolean spare = patterns.stream().anyMatch(pattern -> pattern.matches(name));
      (spare ? kept : decayed).put(name, tensor);
    });
    List<ParameterGroup> groups = new ArrayList<>();
    groups.add(new ParameterGroup("decayed", decayed, rule, rate));
    groups.add(new ParameterGroup("not decayed", kept, rule.withWeightDecay(0), rate));
    groups.removeIf(group -> group.parameters().isEmpty());
    return groups;
  }

  /** This group at {@code factor} times its rate. */
  public ParameterGroup slowed(double factor) {
    return new ParameterGroup(name, parameters, rule, rate * factor);
  }
}
