package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.ImageTextMatcher;
import dev.heed.vision.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the 191 images of emoji that were held out, and their 122 names. */
@Tag("integration")
class EmojiTest {
  @Test
  void its_score_holds() throws IOException {
    List<String> names = Samples.lines("emoji-names.txt");
    List<String> texts = names.stream().distinct().toList();
    List<RgbImage> images = images(names.size());
    int found = 0;
    try (ImageTextMatcher matcher = ImageTextMatcher.open(ModelFiles.carried("emoji"), null)) {
      List<Classification> ranked = matcher.overTexts(images, texts);
      for (int i = 0; i < ranked.size(); i++) {
        List<String> first =
            ranked.get(i).labels().stream().limit(10).map(Classification.Label::name).toList();
        found += first.contains(names.get(i)) ? 1 : 0;
      }
    }
    assertThat(found).isGreaterThanOrEqualTo(86);
  }

  /** Red, green and blue bytes of 64 by 64 pixels each. */
  private static List<RgbImage> images(int count) throws IOException {
    List<RgbImage> images = new ArrayList<>();
    try (InputStream pixels =
        new GZIPInputStream(new ByteArrayInputStream(Samples.bytes("emoji-images.gz")))) {
      for (int i = 0; i < count; i++) {
        images.add(new RgbImage(64, 64, pixels.readNBytes(3 * 64 * 64)));
      }
    }
    return images;
  }
}
