package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.task.ImageClassifier;
import dev.heed.vision.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On 250 of the 5,000 images that were held out of MNIST's training images, each twentieth. */
@Tag("integration")
class DigitsTest {
  @Test
  void its_score_holds() throws IOException {
    List<RgbImage> images = new ArrayList<>();
    List<String> right = new ArrayList<>();
    try (DataInputStream pixels = packed("digits-images-idx3-ubyte.gz");
        DataInputStream labels = packed("digits-labels-idx1-ubyte.gz")) {
      pixels.skipNBytes(16);
      labels.skipNBytes(8);
      for (int i = 0; i < 250; i++) {
        byte[] grey = pixels.readNBytes(28 * 28);
        byte[] colours = new byte[3 * grey.length];
        for (int p = 0; p < colours.length; p++) {
          colours[p] = grey[p / 3];
        }
        images.add(new RgbImage(28, 28, colours));
        right.add(String.valueOf(labels.readUnsignedByte()));
      }
    }
    try (ImageClassifier classifier = ImageClassifier.open(ModelFiles.carried("digits"), null)) {
      List<String> seen =
          classifier.classify(images).stream().map(each -> each.best().name()).toList();
      long hits = 0;
      for (int i = 0; i < seen.size(); i++) {
        hits += seen.get(i).equals(right.get(i)) ? 1 : 0;
      }
      assertThat(hits).isGreaterThanOrEqualTo(245);
    }
  }

  private static DataInputStream packed(String file) throws IOException {
    return new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(Samples.bytes(file))));
  }
}
