package dev.heed.cli.task;

import dev.heed.cli.Lines;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.List;

/** Items that are images. */
final class ImageFiles {
  private final StandardInput standard = new StandardInput();

  /** Those of a command line. */
  static List<TaskItem> items(List<Path> files) {
    return FileItems.of(files, "PNG or JPEG", "png|jpg|jpeg");
  }

  /** Their pixels, in order. */
  List<RgbImage> images(List<TaskItem> items) {
    return items.stream().map(this::image).toList();
  }

  /**
   * The pixels of one.
   *
   * @throws dev.heed.checkpoint.CheckpointException for a file that is no sound image
   */
  RgbImage image(TaskItem item) {
    if (!item.text().equals(Lines.STANDARD_INPUT)) {
      return ImageDecoder.installed().read(Path.of(item.text()));
    }
    return ImageDecoder.installed().read("standard input", standard.bytes());
  }
}
