package dev.heed.model;

import tools.jackson.databind.JsonNode;

/**
 * The smallest and the greatest step Δ of a state space, as {@code time_step_limit} says.
 *
 * @param shortest at least 0
 * @param longest perhaps infinite
 */
public record StepLimit(double shortest, double longest) {
  private static final String KEY = "time_step_limit";

  /**
   * Reads the key: two numbers, where infinity may be spelt as an object; any step where it is
   * absent.
   *
   * @throws dev.heed.checkpoint.CheckpointException for anything else
   */
  public static StepLimit of(ModelConfig keys) {
    keys.known(KEY);
    JsonNode both = keys.json().path(KEY);
    if (both.isMissingNode() || both.isNull()) {
      return new StepLimit(0, Double.POSITIVE_INFINITY);
    }
    double shortest = number(both.path(0));
    double longest = number(both.path(1));
    if (both.size() != 2 || !(shortest <= longest)) {
      throw keys.unsupported(KEY, "the smallest and the greatest step", both);
    }
    return new StepLimit(shortest, longest);
  }

  private static double number(JsonNode one) {
    if (one.isNumber()) {
      return one.doubleValue();
    }
    boolean infinite =
        one.path("__float__").asString("").equals("Infinity")
            || one.asString("").equals("Infinity");
    return infinite ? Double.POSITIVE_INFINITY : Double.NaN;
  }
}
