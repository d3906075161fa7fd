package dev.heed.cli.task;

import dev.heed.cli.FileTrouble;
import dev.heed.cli.Lines;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Items that are images; of standard input what was read is kept, since it comes but once. */
final class ImageFiles {
  private byte @Nullable [] given;

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
    try {
      byte[] bytes = given == null ? System.in.readAllBytes() : given;
      given = bytes;
      return ImageDecoder.installed().read("standard input", bytes);
    } catch (IOException e) {
      throw FileTrouble.of(null, "standard input", e);
    }
  }
}
