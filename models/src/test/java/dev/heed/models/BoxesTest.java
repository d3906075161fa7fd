package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.evaluate.Box;
import dev.heed.evaluate.DetectionScore;
import dev.heed.evaluate.DetectionScore.Annotation;
import dev.heed.evaluate.DetectionScore.Detection;
import dev.heed.model.ModelFiles;
import dev.heed.task.FoundObject;
import dev.heed.task.ObjectDetector;
import dev.heed.vision.DetectedObject;
import dev.heed.vision.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On 100 of the 5,000 scenes that are laid of MNIST's held-out images, each fiftieth. */
@Tag("integration")
class BoxesTest {
  private static final int SIDE = 64;
  private static final int SCENES = 100;

  @Test
  void its_score_holds() throws IOException {
    List<Annotation> there = new ArrayList<>();
    for (String line : Samples.lines("boxes.tsv").subList(1, Samples.lines("boxes.tsv").size())) {
      int[] n = Arrays.stream(line.split("\t", -1)).mapToInt(Integer::parseInt).toArray();
      Box box = new Box(n[2], n[3], n[4], n[5]);
      there.add(new Annotation(n[0], n[1], box, box.area(), false));
    }
    List<Detection> found = new ArrayList<>();
    try (ObjectDetector detector = ObjectDetector.open(ModelFiles.carried("boxes"), null)) {
      List<List<FoundObject>> all = detector.detect(scenes(), 0);
      for (int scene = 0; scene < SCENES; scene++) {
        for (FoundObject object : all.get(scene)) {
          DetectedObject at = object.box();
          Box box = new Box(at.left(), at.top(), at.right() - at.left(), at.bottom() - at.top());
          found.add(new Detection(scene, at.label(), box, at.score()));
        }
      }
    }
    DetectionScore score = DetectionScore.of(IntStream.range(0, 10).boxed().toList(), there, found);
    assertThat(score.precisionAt50()).isGreaterThan(0.95);
    assertThat(score.averagePrecision()).isGreaterThan(0.85);
  }

  private static List<RgbImage> scenes() throws IOException {
    List<RgbImage> scenes = new ArrayList<>();
    try (InputStream pixels =
        new GZIPInputStream(new ByteArrayInputStream(Samples.bytes("boxes-scenes.gz")))) {
      for (int i = 0; i < SCENES; i++) {
        byte[] grey = pixels.readNBytes(SIDE * SIDE);
        byte[] colours = new byte[3 * grey.length];
        for (int p = 0; p < colours.length; p++) {
          colours[p] = grey[p / 3];
        }
        scenes.add(new RgbImage(SIDE, SIDE, colours));
      }
    }
    return scenes;
  }
}
