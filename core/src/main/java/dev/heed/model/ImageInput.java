package dev.heed.model;

import dev.heed.vision.ImageBatch;
import dev.heed.vision.ImageProcessor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a checkpoint wants the images that it is given.
 *
 * @param processor makes its {@code pixel_values}
 * @param note what was not as the model's files say, or null
 */
public record ImageInput(ImageProcessor processor, @Nullable String note) {
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final int USUAL_SIDE = 224;

  /** Whether a model sees images, by what its config speaks of. */
  public static boolean isOf(ModelFiles files) {
    JsonNode config = files.json();
    return config.has("vision_config") || config.has("image_size") || config.has("num_channels");
  }

  /**
   * By {@code preprocessor_config.json}; without one, what most models take, in the size that the
   * config names, which the note then says.
   *
   * @throws dev.heed.checkpoint.CheckpointException as {@link ImageProcessor#of}
   */
  public static ImageInput of(ModelFiles files) {
    JsonNode settings = files.json(PREPROCESSOR);
    if (settings != null) {
      return new ImageInput(
          ImageProcessor.of(files.describe() + ", " + PREPROCESSOR, settings), null);
    }
    ObjectNode usual = usual(files.json());
    return new ImageInput(
        ImageProcessor.of(files.describe(), usual),
        "There is no "
            + PREPROCESSOR
            + ": the image was resized to "
            + usual.path("size").path("height")
            + " by "
            + usual.path("size").path("width")
            + " pixels, with values from -1 to 1.");
  }

  /** A model's input, with the mask for those that are given padding. */
  public ModelInput of(ImageBatch batch, Model model) {
    return ModelInput.of("pixel_values", batch.pixelValues().to(SoundInput.type(model)))
        .with("pixel_mask", batch.pixelMask())
        .offering("pixel_mask");
  }

  private static ObjectNode usual(JsonNode config) {
    JsonNode size = config.path("image_size");
    if (size.isMissingNode()) {
      size = config.path("vision_config").path("image_size");
    }
    ObjectNode usual = JsonMapper.shared().createObjectNode();
    usual.put("image_processor_type", "ViTImageProcessor");
    ObjectNode area = usual.putObject("size");
    area.put("height", (size.isArray() ? size.path(0) : size).asInt(USUAL_SIDE));
    area.put("width", (size.isArray() ? size.path(1) : size).asInt(USUAL_SIDE));
    return usual;
  }
}
