package dev.heed.model;

import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.RotaryScaling;
import tools.jackson.databind.JsonNode;

/**
 * What a config says about rotary positions, in either spelling: {@code rope_theta} and {@code
 * rope_scaling}, or {@code rope_parameters}.
 *
 * @param base usually 10000
 * @param scaling how positions beyond the trained length are treated
 */
public record RotaryConfig(double base, RotaryScaling scaling) {
  /**
   * Reads the keys.
   *
   * @param otherwise the base where none is given
   * @param trained the length trained on
   * @throws dev.heed.checkpoint.CheckpointException for a kind of scaling that Heed does not
   *     compute
   */
  public static RotaryConfig of(ModelConfig config, double otherwise, long trained) {
    config.known("rope_theta", "rope_scaling", "rope_parameters");
    JsonNode json = config.json();
    JsonNode parameters = json.path("rope_parameters");
    JsonNode scaling = parameters.isObject() ? parameters : json.path("rope_scaling");
    double base =
        parameters.path("rope_theta").asDouble(json.path("rope_theta").asDouble(otherwise));
    if (!scaling.isObject()) {
      return new RotaryConfig(base, RotaryScaling.NONE);
    }
    String kind = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
    double factor = scaling.path("factor").asDouble(1);
    return new RotaryConfig(
        base,
        switch (kind) {
          case "default" -> RotaryScaling.NONE;
          case "linear" -> new RotaryScaling.Linear(factor);
          case "dynamic" -> new RotaryScaling.DynamicNtk(factor, trained);
          default ->
              throw config.unsupported(
                  "rope_scaling", "rope_type default, linear or dynamic", scaling);
        });
  }

  /** The positions of heads of so many rotated elements. */
  public RotaryPositions positions(PairLayout layout, long rotated) {
    return new RotaryPositions(layout, rotated, base, scaling);
  }
}
