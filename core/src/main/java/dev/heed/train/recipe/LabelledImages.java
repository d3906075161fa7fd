package dev.heed.train.recipe;

import dev.heed.model.ImageInput;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Images and their classes, from tables that name files, or from idx files. */
final class LabelledImages {
  private LabelledImages() {}

  /**
   * Reads what is learned from and scored on.
   *
   * @throws IllegalArgumentException for a checkpoint that does not say how it reads images
   */
  static ImagesTask task(Recipe.Data data, ModelFiles files, DType dtype) {
    ImageInput input = input(files);
    if (!IdxFile.is(Path.of(data.train()))) {
      Split split = Split.of(data);
      Path held = Path.of(data.valid().isEmpty() ? data.train() : data.valid());
      return ImagesTask.of(
          read(split.learned(), Path.of(data.train())),
          read(split.held(), held),
          input,
          dtype,
          data.augment());
    }
    List<LabelledImage> learned = IdxFile.read(Path.of(data.train()));
    List<LabelledImage> held =
        data.valid().isEmpty() ? List.of() : IdxFile.read(Path.of(data.valid()));
    RecipeKeys.require(
        data.columns().isEmpty() && data.heldOutWhere().isEmpty(),
        "columns, held_out_where",
        "a table",
        data.train());
    int out = data.heldOut();
    RecipeKeys.require(
        out < learned.size(), "held_out", "fewer than " + learned.size() + " examples", out);
    if (out > 0) {
      held = learned.subList(learned.size() - out, learned.size());
    }
    return ImagesTask.of(
        learned.subList(0, learned.size() - out), held, input, dtype, data.augment());
  }

  /**
   * How a checkpoint reads images.
   *
   * @throws IllegalArgumentException for one that does not say
   */
  static ImageInput input(ModelFiles files) {
    ImageInput input = ImageInput.of(files);
    if (input.note() != null) {
      throw new IllegalArgumentException(
          files.describe() + ": expected a preprocessor_config.json, got none; put one there");
    }
    return input;
  }

  private static List<LabelledImage> read(List<ExampleFile.Row> rows, Path table) {
    ImageDecoder decoder = ImageDecoder.installed();
    List<LabelledImage> images = new ArrayList<>();
    try (TableFiles files = new TableFiles(table)) {
      for (ExampleFile.Row row : rows) {
        String name = row.require("image");
        RgbImage image = decoder.read(name, files.read(row.where(), name));
        images.add(new LabelledImage(row.where(), image, row.require("label")));
      }
    }
    return images;
  }
}
