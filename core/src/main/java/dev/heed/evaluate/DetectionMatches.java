package dev.heed.evaluate;

import dev.heed.evaluate.DetectionScore.Annotation;
import dev.heed.evaluate.DetectionScore.Detection;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which detections of one category in one image are right, at each IoU threshold.
 *
 * @param scores of the detections, falling, at most 100
 * @param outcomes {@code [thresholds][detections]}
 * @param wanted how many annotations of the size should be found
 */
record DetectionMatches(double[] scores, Outcome[][] outcomes, int wanted) {
  /** IoU 0.50 to 0.95 by 0.05. */
  static final int THRESHOLDS = 10;

  private static final int MOST = 100;
  private static final int NONE = -1;

  /** What a detection counts as. */
  enum Outcome {
    RIGHT,
    WRONG,
    /** It fits an annotation that does not count, or is of another size and fits none. */
    IGNORED
  }

  /**
   * Matches the surest first; each takes the free annotation that it overlaps most, one that counts
   * before one that does not.
   *
   * @param detections the surest first
   */
  static DetectionMatches of(
      List<Annotation> annotations, List<Detection> detections, BoxSize size) {
    List<Annotation> ordered =
        annotations.stream().sorted(Comparator.comparing(a -> ignored(a, size))).toList();
    boolean[] ignored = new boolean[ordered.size()];
    for (int a = 0; a < ignored.length; a++) {
      ignored[a] = ignored(ordered.get(a), size);
    }
    List<Detection> surest = detections.stream().limit(MOST).toList();
    Outcome[][] outcomes = new Outcome[THRESHOLDS][surest.size()];
    for (int t = 0; t < THRESHOLDS; t++) {
      boolean[] taken = new boolean[ordered.size()];
      for (int d = 0; d < surest.size(); d++) {
        int match = match(surest.get(d), ordered, ignored, taken, 0.5 + 0.05 * t);
        if (match == NONE) {
          boolean counts = size.has(surest.get(d).box().area());
          outcomes[t][d] = counts ? Outcome.WRONG : Outcome.IGNORED;
        } else {
          taken[match] = true;
          outcomes[t][d] = ignored[match] ? Outcome.IGNORED : Outcome.RIGHT;
        }
      }
    }
    double[] scores = surest.stream().mapToDouble(Detection::score).toArray();
    int wanted = Math.toIntExact(annotations.stream().filter(a -> !ignored(a, size)).count());
    return new DetectionMatches(scores, outcomes, wanted);
  }

  private static boolean ignored(Annotation annotation, BoxSize size) {
    return annotation.crowd() || !size.has(annotation.area());
  }

  private static int match(
      Detection detection,
      List<Annotation> annotations,
      boolean[] ignored,
      boolean[] taken,
      double threshold) {
    double best = Math.min(threshold, 1 - 1e-10);
    int match = NONE;
    for (int a = 0; a < ignored.length; a++) {
      if (taken[a] && !annotations.get(a).crowd()) {
        continue;
      }
      if (match != NONE && !ignored[match] && ignored[a]) {
        break;
      }
      double overlap = overlap(detection.box(), annotations.get(a));
      if (overlap >= best) {
        best = overlap;
        match = a;
      }
    }
    return match;
  }

  /** In a crowd, the share of the detection that lies in it. */
  private static double overlap(Box box, Annotation annotation) {
    return annotation.crowd()
        ? PrecisionRecall.ratio(box.intersection(annotation.box()), box.area())
        : box.iou(annotation.box());
  }

  /** The first detections only. */
  DetectionMatches surest(int most) {
    if (scores.length <= most) {
      return this;
    }
    Outcome[][] first =
        Arrays.stream(outcomes).map(row -> Arrays.copyOf(row, most)).toArray(Outcome[][]::new);
    return new DetectionMatches(Arrays.copyOf(scores, most), first, wanted);
  }
}
