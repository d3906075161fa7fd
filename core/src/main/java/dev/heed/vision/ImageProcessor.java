package dev.heed.vision;

import dev.heed.checkpoint.ConfigFile;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes a model's input of images: resize, crop the middle, scale to [0, 1], subtract the mean and
 * divide by the deviation of each channel, pad a batch at the right and at the bottom with zeros.
 *
 * <p>{@code x = (float(level × factor) - mean) / deviation} in single precision.
 *
 * <p>Source: Hugging Face's image processors, {@code image_transforms.py}.
 */
public final class ImageProcessor {
  /** The longest edge that a config may ask for. */
  static final int LARGEST_EDGE = 1 << 13;

  /** Rows and columns. */
  record Area(int height, int width) {
    static final Area NONE = new Area(0, 0);
  }

  private final @Nullable ResizeRule resize;
  private final Resampling filter;
  private final Area crop;
  private final float[][] levels;
  private final boolean pad;
  private final Area padded;

  /**
   * Puts the steps together.
   *
   * @param resize the size rule, or null to leave sizes as they are
   * @param crop the middle to keep, or {@link Area#NONE}
   * @param factor what levels are multiplied by, NaN for nothing
   * @param mean by channel; empty to leave values as they are
   * @param deviation by channel
   * @param pad whether a batch's images are padded to the largest, or to {@code padded} if given
   */
  ImageProcessor(
      @Nullable ResizeRule resize,
      Resampling filter,
      Area crop,
      double factor,
      double[] mean,
      double[] deviation,
      boolean pad,
      Area padded) {
    this.resize = resize;
    this.filter = filter;
    this.crop = crop;
    this.levels = levels(factor, mean, deviation);
    this.pad = pad;
    this.padded = padded;
  }

  /**
   * Reads a config.
   *
   * @param file a {@code preprocessor_config.json}
   * @throws dev.heed.checkpoint.CheckpointException for a missing or invalid file, and {@code
   *     UNSUPPORTED} naming a processor, a key or a value that Heed does not honour
   */
  public static ImageProcessor read(Path file) {
    return of(file.toString(), ConfigFile.json(file));
  }

  /**
   * Takes a config that is read already.
   *
   * @param where a name for messages
   * @param config an object
   * @throws dev.heed.checkpoint.CheckpointException as {@link #read}
   */
  public static ImageProcessor of(String where, JsonNode config) {
    return new ImageSettings(where, config).processor();
  }

  /** Each channel's value of each of 256 levels. */
  private static float[][] levels(double factor, double[] mean, double[] deviation) {
    float[][] levels = new float[3][256];
    for (int channel = 0; channel < 3; channel++) {
      for (int level = 0; level < 256; level++) {
        float value = Double.isNaN(factor) ? level : (float) (level * factor);
        levels[channel][level] =
            mean.length == 0 ? value : (value - (float) mean[channel]) / (float) deviation[channel];
      }
    }
    return levels;
  }

  /** Resizes one image and crops its middle, as far as the config says. */
  public RgbImage prepare(RgbImage image) {
    RgbImage sized = resized(image);
    return crop.equals(Area.NONE) ? sized : CenterCrop.crop(sized, crop.height(), crop.width());
  }

  /** Resizes one image, as far as the config says. */
  public RgbImage resized(RgbImage image) {
    return resize == null ? image : resize.apply(image, filter);
  }

  /**
   * Processes a batch.
   *
   * @param images at least one, of any sizes
   * @return tensors of the current scope
   * @throws IllegalArgumentException if there is no image, or if images of different sizes are
   *     neither resized to one size nor padded
   */
  public ImageBatch process(List<RgbImage> images) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("images: expected at least one, got none");
    }
    List<RgbImage> prepared = images.stream().map(this::prepare).toList();
    Area area = area(prepared);
    Tensor values =
        Tensor.zeros(Shape.of(images.size(), 3, area.height(), area.width()), DType.F32);
    Tensor mask = Tensor.zeros(Shape.of(images.size(), area.height(), area.width()), DType.I64);
    for (int i = 0; i < prepared.size(); i++) {
      fill(prepared.get(i), i, area, values.segment(), mask.segment());
    }
    return new ImageBatch(values, mask);
  }

  private Area area(List<RgbImage> images) {
    int height = images.stream().mapToInt(RgbImage::height).max().orElseThrow();
    int width = images.stream().mapToInt(RgbImage::width).max().orElseThrow();
    if (pad && !padded.equals(Area.NONE)) {
      if (height > padded.height() || width > padded.width()) {
        throw new IllegalArgumentException(
            "padding images: expected at most "
                + padded.height()
                + " × "
                + padded.width()
                + " as pad_size says, got "
                + height
                + " × "
                + width);
      }
      return padded;
    }
    boolean equal = images.stream().allMatch(i -> i.height() == height && i.width() == width);
    if (!pad && !equal) {
      throw new IllegalArgumentException(
          "images: expected one size after resizing, since the config says not to pad, got "
              + images.stream().map(i -> i.height() + " × " + i.width()).distinct().toList());
    }
    return new Area(height, width);
  }

  private void fill(
      RgbImage image, int index, Area area, MemorySegment values, MemorySegment mask) {
    long plane = (long) area.height() * area.width();
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        long at = (long) row * area.width() + column;
        for (int channel = 0; channel < 3; channel++) {
          values.setAtIndex(
              ValueLayout.JAVA_FLOAT,
              (3L * index + channel) * plane + at,
              levels[channel][image.at(row, column, channel)]);
        }
        mask.setAtIndex(ValueLayout.JAVA_LONG, index * plane + at, 1);
      }
    }
  }
}
