package dev.heed.train.recipe;

import dev.heed.model.ImageInput;
import dev.heed.model.ModelFiles;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Images and their classes, from tables that name files, or from idx files.
 *
 * @param learned what is learned from
 * @param held what is scored on, perhaps nothing
 */
record LabelledImages(List<LabelledImage> learned, List<LabelledImage> held) {
  /** Reads what is learned from and scored on. */
  static LabelledImages of(Recipe.Data data) {
    if (!IdxFile.is(Path.of(data.train()))) {
      Split split = Split.of(data);
      Path held = Path.of(data.valid().isEmpty() ? data.train() : data.valid());
      return new LabelledImages(
          read(split.learned(), Path.of(data.train())), read(split.held(), held));
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
    return new LabelledImages(learned.subList(0, learned.size() - out), held);
  }

  /**
   * The classes that are learned, sorted.
   *
   * @throws IllegalArgumentException for fewer than two, and for another one among what is scored
   */
  List<String> classes() {
    TreeSet<String> names = new TreeSet<>();
    learned.forEach(each -> names.add(each.label()));
    if (names.size() < 2) {
      throw new IllegalArgumentException(
          "images to classify: expected two classes or more, got " + names);
    }
    for (LabelledImage each : held) {
      if (!names.contains(each.label())) {
        throw new IllegalArgumentException(
            each.where()
                + ": expected one of the classes "
                + names
                + " that are learned, got "
                + each.label());
      }
    }
    return List.copyOf(names);
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
