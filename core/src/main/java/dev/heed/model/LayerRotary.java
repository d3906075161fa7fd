package dev.heed.model;

import dev.heed.attention.position.RotaryScaling;
import tools.jackson.databind.JsonNode;

/**
 * Rotary positions that differ between layers that see all tokens and those within a window.
 *
 * @param full of layers that see all tokens
 * @param sliding of layers within a window
 */
public record LayerRotary(RotaryConfig full, RotaryConfig sliding) {
  /**
   * Reads {@code rope_parameters} by type of layer; in the older spelling {@code rope_theta} and
   * {@code rope_scaling} are those of full layers and {@code rope_local_base_freq} is the other's
   * base.
   *
   * @param full what full layers have where the config says nothing
   * @param sliding what sliding layers have
   * @param trained the length trained on
   */
  public static LayerRotary of(
      ModelConfig config, RotaryConfig.Usual full, RotaryConfig.Usual sliding, long trained) {
    JsonNode parameters = config.json().path("rope_parameters");
    config.known("rope_local_base_freq");
    if (parameters.has("full_attention") || parameters.has("sliding_attention")) {
      config.known("rope_theta", "rope_scaling", "rope_parameters", "partial_rotary_factor");
      if (parameters.size() > 2
          || parameters.size() == 2
              && !(parameters.has("full_attention") && parameters.has("sliding_attention"))) {
        throw config.unsupported(
            "rope_parameters", "full_attention and sliding_attention", parameters);
      }
      return new LayerRotary(
          RotaryConfig.read(config, parameters.path("full_attention"), full, trained),
          RotaryConfig.read(config, parameters.path("sliding_attention"), sliding, trained));
    }
    double local = config.json().path("rope_local_base_freq").asDouble(sliding.base());
    return new LayerRotary(
        RotaryConfig.partial(config, full, trained),
        new RotaryConfig(local, RotaryScaling.NONE, sliding.share()));
  }

  /** Those of a layer. */
  public RotaryConfig of(LayerType type) {
    return type == LayerType.FULL ? full : sliding;
  }
}
