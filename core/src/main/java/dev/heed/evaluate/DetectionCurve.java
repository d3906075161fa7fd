package dev.heed.evaluate;

import dev.heed.evaluate.DetectionMatches.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Precision over recall of one category and size, at each IoU threshold; -1 where nothing of them
 * should be found.
 */
final class DetectionCurve {
  private static final int RECALLS = 101;
  private static final double UNDEFINED = -1;

  private final List<DetectionMatches> images;
  private final int wanted;
  private final double[] precisions = new double[DetectionMatches.THRESHOLDS];

  private DetectionCurve(List<DetectionMatches> images) {
    this.images = images;
    this.wanted = images.stream().mapToInt(DetectionMatches::wanted).sum();
  }

  static DetectionCurve of(List<DetectionMatches> images) {
    DetectionCurve curve = new DetectionCurve(images);
    for (int t = 0; t < curve.precisions.length; t++) {
      curve.precisions[t] =
          curve.wanted == 0 ? UNDEFINED : averagePrecision(outcomes(images, t), curve.wanted);
    }
    return curve;
  }

  /** The mean over the thresholds. */
  double precision() {
    return Arrays.stream(precisions).average().orElse(UNDEFINED);
  }

  double precisionAt(int threshold) {
    return precisions[threshold];
  }

  /** What share is found by so many detections an image, on average over the thresholds. */
  double recall(int most) {
    if (wanted == 0) {
      return UNDEFINED;
    }
    long right = 0;
    for (DetectionMatches image : images) {
      for (Outcome[] row : image.surest(most).outcomes()) {
        right += Arrays.stream(row).filter(outcome -> outcome == Outcome.RIGHT).count();
      }
    }
    return (double) right / wanted / DetectionMatches.THRESHOLDS;
  }

  /** The outcomes of all images, the surest detections first; equal ones in their order. */
  private static List<Outcome> outcomes(List<DetectionMatches> images, int threshold) {
    record Scored(double score, Outcome outcome) {}
    List<Scored> all = new ArrayList<>();
    for (DetectionMatches image : images) {
      for (int d = 0; d < image.scores().length; d++) {
        all.add(new Scored(image.scores()[d], image.outcomes()[threshold][d]));
      }
    }
    all.sort(Comparator.comparingDouble(Scored::score).reversed());
    return all.stream().map(Scored::outcome).filter(o -> o != Outcome.IGNORED).toList();
  }

  /** The mean over the recalls 0, 0.01, …, 1 of the best precision at that recall or above. */
  private static double averagePrecision(List<Outcome> outcomes, int wanted) {
    double[] precision = new double[outcomes.size()];
    double[] recall = new double[outcomes.size()];
    double right = 0;
    for (int i = 0; i < precision.length; i++) {
      right += outcomes.get(i) == Outcome.RIGHT ? 1 : 0;
      precision[i] = right / (i + 1);
      recall[i] = right / wanted;
    }
    for (int i = precision.length - 1; i > 0; i--) {
      precision[i - 1] = Math.max(precision[i - 1], precision[i]);
    }
    double sum = 0;
    int place = 0;
    for (int r = 0; r < RECALLS; r++) {
      while (place < recall.length && recall[place] < r * 0.01) {
        place++;
      }
      sum += place < recall.length ? precision[place] : 0;
    }
    return sum / RECALLS;
  }
}
