package dev.heed.cli.look;

import dev.heed.cli.BadInputException;
import dev.heed.cli.UsageException;
import dev.heed.explain.image.ImageAttention;
import dev.heed.explain.image.ImageCapture;
import dev.heed.explain.image.ImageFocus;
import dev.heed.model.ModelFiles;
import dev.heed.vision.ImageDecoder;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code heed look IMAGE}: what a patch of an image, or the class token, attends to.
 *
 * @param file the image
 * @param patch a patch's row and column as {@code ROW,COLUMN}, or null for the class token
 * @param layer from 0, or null for the last
 * @param head from 0, or null for the mean of all
 */
record ImageLook(
    Path file, @Nullable String patch, @Nullable Integer layer, @Nullable Integer head) {
  /** Whether what the user gave is the name of an image, not a text. */
  static boolean isImage(String given) {
    String name = given.toLowerCase(Locale.ROOT);
    return !given.isBlank()
        && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"));
  }

  /** Reads the image. */
  ImageFocus focus(ModelFiles files) {
    try (ImageCapture capture = ImageCapture.open(files)) {
      ImageAttention seen = capture.read(ImageDecoder.installed().read(file), layer);
      int shown = head == null ? ImageAttention.MEAN : head;
      if (patch == null) {
        return ImageFocus.of(seen, shown);
      }
      if (!patch.matches("\\d{1,5},\\d{1,5}")) {
        throw new UsageException("--patch: expected ROW,COLUMN, for example 3,7, got " + patch);
      }
      int comma = patch.indexOf(',');
      return ImageFocus.at(
          seen,
          shown,
          Integer.parseInt(patch.substring(0, comma)),
          Integer.parseInt(patch.substring(comma + 1)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  /** What was read by what. */
  static String title(ModelFiles files, ImageFocus focus) {
    ImageAttention seen = focus.attention();
    return String.format(
        Locale.ROOT,
        "%s: %d layers over an image of %d by %d pixels; layer %d has %d heads over %d by %d"
            + " patches",
        files.describe(),
        seen.layers().size(),
        seen.image().height(),
        seen.image().width(),
        seen.layer(),
        seen.heads(),
        seen.places().queries().height(),
        seen.places().queries().width());
  }
}
