package dev.heed.vision;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.vision.ImageProcessorKind.Size;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Reads a {@code preprocessor_config.json}. Each of its keys is honoured, or known to change no
 * pixel, or refused by its name.
 */
final class ImageSettings {
  /** Keys about annotations, devices and classes, which change no pixel. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "image_processor_type",
          "feature_extractor_type",
          "processor_class",
          "auto_map",
          "format",
          "do_convert_rgb",
          "do_reduce_labels",
          "reduce_labels",
          "do_convert_annotations",
          "return_segmentation_masks",
          "device",
          "disable_grouping",
          "return_tensors",
          "image_seq_length",
          "_valid_processor_keys",
          "ocr_lang",
          "tesseract_config");

  /** Keys that must have this value where they are there and not null. */
  private static final Map<String, String> ONLY =
      Map.of(
          "data_format", "channels_first",
          "input_data_format", "channels_last",
          "apply_ocr", "false",
          "do_flip_channel_order", "false",
          "do_thumbnail", "false",
          "do_align_long_axis", "false",
          "rescale_offset", "false",
          "do_grayscale", "false");

  private static final Set<String> HONOURED =
      Set.of(
          "do_resize",
          "size",
          "max_size",
          "resample",
          "do_center_crop",
          "crop_size",
          "crop_pct",
          "do_rescale",
          "rescale_factor",
          "do_normalize",
          "image_mean",
          "image_std",
          "do_pad",
          "pad_size",
          "default_to_square");

  private final String where;
  private final JsonNode json;
  private final ImageProcessorKind kind;

  ImageSettings(String where, JsonNode json) {
    this.where = where;
    this.json = json;
    this.kind = ImageProcessorKind.of(where, json);
    requireKnown();
    if (kind == ImageProcessorKind.LAYOUT && !json.has("apply_ocr")) {
      throw error("apply_ocr false, since Heed reads no words from images", "none");
    }
  }

  ImageProcessor processor() {
    return new ImageProcessor(
        flag("do_resize", true) ? resize() : null,
        Resampling.of(where, whole("resample", kind.resampling().ordinal())),
        crop(),
        flag("do_rescale", true) ? number("rescale_factor", 1 / 255.0) : Double.NaN,
        flag("do_normalize", true) ? three("image_mean", kind.mean().mean()) : new double[0],
        three("image_std", kind.mean().deviation()),
        flag("do_pad", kind == ImageProcessorKind.DETR),
        padded());
  }

  private ResizeRule resize() {
    JsonNode size = json.path("size");
    boolean shortest = !flag("default_to_square", !kind.numberIsShortestEdge());
    int longest = whole("max_size", size.isNumber() ? kind.size().longestEdge() : 0);
    Size read = missing(size) ? kind.size() : size(size, shortest, longest);
    if (kind == ImageProcessorKind.CONVNEXT) {
      int edge = Math.max(read.shortestEdge(), read.height());
      if (read.height() != read.width() || edge == 0) {
        throw error("size with shortest_edge", size.toString());
      }
      return new ResizeRule.CroppedShare(edge, number("crop_pct", 224 / 256.0));
    }
    if (read.within()) {
      return new ResizeRule.Within(read.height(), read.width());
    }
    if (read.longestEdge() > 0) {
      return new ResizeRule.WithinLongestEdge(read.shortestEdge(), read.longestEdge());
    }
    return read.shortestEdge() > 0
        ? new ResizeRule.ShortestEdge(read.shortestEdge())
        : new ResizeRule.Exactly(read.height(), read.width());
  }

  private ImageProcessor.Area crop() {
    if (!flag("do_center_crop", kind.crop() > 0)) {
      return ImageProcessor.Area.NONE;
    }
    JsonNode size = json.path("crop_size");
    if (missing(size)) {
      if (kind.crop() == 0) {
        throw error("crop_size beside do_center_crop", "none");
      }
      return new ImageProcessor.Area(kind.crop(), kind.crop());
    }
    return area(size);
  }

  private ImageProcessor.Area padded() {
    JsonNode size = json.path("pad_size");
    return missing(size) ? ImageProcessor.Area.NONE : area(size);
  }

  private ImageProcessor.Area area(JsonNode size) {
    Size read = size(size, false, 0);
    if (read.within() || read.height() == 0) {
      throw error("height and width", size.toString());
    }
    return new ImageProcessor.Area(read.height(), read.width());
  }

  /** A size in any of its spellings. */
  private Size size(JsonNode size, boolean numberIsShortestEdge, int longest) {
    if (size.isNumber()) {
      int edge = edge(size);
      return numberIsShortestEdge
          ? new Size(0, 0, edge, longest, false)
          : new Size(edge, edge, 0, 0, false);
    }
    if (size.isArray() && size.size() == 2) {
      return new Size(edge(size.get(0)), edge(size.get(1)), 0, 0, false);
    }
    Set<String> keys = new TreeSet<>(size.propertyNames());
    if (keys.equals(Set.of("height", "width"))) {
      return new Size(edge(size.get("height")), edge(size.get("width")), 0, 0, false);
    }
    if (keys.equals(Set.of("max_height", "max_width"))) {
      return new Size(edge(size.get("max_height")), edge(size.get("max_width")), 0, 0, true);
    }
    if (keys.equals(Set.of("shortest_edge"))) {
      return new Size(0, 0, edge(size.get("shortest_edge")), longest, false);
    }
    if (keys.equals(Set.of("longest_edge", "shortest_edge"))) {
      int shortest = edge(size.get("shortest_edge"));
      return new Size(0, 0, shortest, edge(size.get("longest_edge")), false);
    }
    throw error(
        "a size of height and width, shortest_edge, shortest_edge and longest_edge, or max_height"
            + " and max_width",
        Quoted.of(size.toString()));
  }

  private int edge(JsonNode value) {
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > ImageProcessor.LARGEST_EDGE) {
      throw error("edges from 1 to " + ImageProcessor.LARGEST_EDGE, Quoted.of(value.toString()));
    }
    return value.intValue();
  }

  private double[] three(String key, double[] absent) {
    JsonNode value = json.path(key);
    if (missing(value)) {
      return absent;
    }
    double[] numbers = new double[3];
    for (int i = 0; i < 3; i++) {
      JsonNode one = value.isNumber() ? value : value.path(i);
      if (!one.isNumber() || value.isArray() && value.size() != 3) {
        throw error(key + " of three numbers", Quoted.of(value.toString()));
      }
      numbers[i] = one.doubleValue();
      if (key.equals("image_std") && !(numbers[i] > 0)) {
        throw error("positive numbers in " + key, Quoted.of(value.toString()));
      }
    }
    return numbers;
  }

  private boolean flag(String key, boolean absent) {
    JsonNode value = json.path(key);
    if (missing(value)) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw error(key + " true or false", Quoted.of(value.toString()));
    }
    return value.booleanValue();
  }

  private int whole(String key, int absent) {
    JsonNode value = json.path(key);
    if (missing(value)) {
      return absent;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw error(key + " a whole number", Quoted.of(value.toString()));
    }
    return key.equals("max_size") ? edge(value) : value.intValue();
  }

  private double number(String key, double absent) {
    JsonNode value = json.path(key);
    if (missing(value)) {
      return absent;
    }
    if (!value.isNumber() || !(value.doubleValue() > 0)) {
      throw error(key + " a positive number", Quoted.of(value.toString()));
    }
    return value.doubleValue();
  }

  private void requireKnown() {
    Set<String> left = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      if (WITHOUT_EFFECT.contains(key) || HONOURED.contains(key) || value.isNull()) {
        continue;
      }
      String only = ONLY.get(key);
      if (only == null) {
        left.add(key);
      } else if (!only.equals(value.asString(""))) {
        throw error(key + " " + only, Quoted.of(value.toString()));
      }
    }
    if (!left.isEmpty()) {
      throw error("keys of " + List.copyOf(new TreeSet<>(HONOURED)), Quoted.list(left));
    }
  }

  private static boolean missing(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private CheckpointException error(String expected, String got) {
    return new CheckpointException(
        Kind.UNSUPPORTED,
        where,
        expected,
        got,
        "It may change pixels, so it is not left out in silence.");
  }
}
