package dev.heed.model.vit;

import dev.heed.attention.position.Grid;
import dev.heed.model.ModelConfig;
import tools.jackson.databind.JsonNode;

/**
 * Rows and columns, of pixels or of patches.
 *
 * @param height rows
 * @param width columns
 */
public record ImageSize(int height, int width) {
  /** Checks that there are some. */
  public ImageSize {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "image: expected a height and a width from 1, got " + height + " and " + width);
    }
  }

  /**
   * What a config says: one number for both sides, or height and width.
   *
   * @param otherwise both sides, where the config says nothing
   */
  public static ImageSize of(ModelConfig config, String key, int otherwise) {
    config.known(key);
    JsonNode value = config.json().get(key);
    if (value == null || value.isNull()) {
      return new ImageSize(otherwise, otherwise);
    }
    if (value.isIntegralNumber()) {
      return new ImageSize(value.asInt(), value.asInt());
    }
    if (value.isArray()
        && value.size() == 2
        && value.get(0).isIntegralNumber()
        && value.get(1).isIntegralNumber()) {
      return new ImageSize(value.get(0).asInt(), value.get(1).asInt());
    }
    throw config.unsupported(key, "a number, or a height and a width", value);
  }

  /** How many patches of a size fit. */
  public ImageSize over(ImageSize patch) {
    return new ImageSize(height / patch.height, width / patch.width);
  }

  /** The same as the places of tokens. */
  public Grid asGrid() {
    return new Grid(height, width);
  }

  /** How many cells there are. */
  public int count() {
    return Math.multiplyExact(height, width);
  }
}
