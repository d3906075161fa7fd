package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Average precision and recall of detected boxes, as COCO evaluates them (Lin et al., Microsoft
 * COCO, ECCV 2014; values are those of pycocotools' {@code COCOeval}).
 *
 * <p>Detections are matched greedily, the surest first, to the annotation of their category that
 * they overlap most, at IoU thresholds 0.50 to 0.95 by 0.05. Precision is made falling and read at
 * 101 recalls. What has no annotation of its kind is -1 and left out of means.
 *
 * @param averagePrecision AP: the mean over thresholds and categories
 * @param precisionAt50 AP at IoU 0.50
 * @param precisionAt75 AP at IoU 0.75
 * @param precisionBySize AP of small boxes (area up to 32²), medium ones (up to 96²), large ones
 * @param recall AR with at most 1, 10 and 100 detections an image and category
 * @param recallBySize AR of the same sizes with at most 100
 * @param ofCategories AP of each category
 */
public record DetectionScore(
    double averagePrecision,
    double precisionAt50,
    double precisionAt75,
    List<Double> precisionBySize,
    List<Double> recall,
    List<Double> recallBySize,
    SortedMap<Integer, Double> ofCategories) {

  /**
   * A box that should be found.
   *
   * @param area decides its size: that of the object, which may be smaller than the box
   * @param crowd whether it holds many objects; what is found in it counts neither way
   */
  public record Annotation(long image, int category, Box box, double area, boolean crowd) {}

  /** A box that was found, the surer the higher its score. */
  public record Detection(long image, int category, Box box, double score) {}

  /**
   * Scores detections.
   *
   * @param categories those that count; what is of others is left out
   */
  public static DetectionScore of(
      Collection<Integer> categories, List<Annotation> annotations, List<Detection> detections) {
    SortedMap<Integer, List<DetectionCurve>> curves = new TreeMap<>();
    for (int category : categories) {
      List<Annotation> wanted = annotations.stream().filter(a -> a.category == category).toList();
      List<Detection> found =
          detections.stream()
              .filter(d -> d.category == category)
              .sorted(Comparator.comparingDouble(Detection::score).reversed())
              .toList();
      curves.put(category, curves(wanted, found));
    }
    SortedMap<Integer, Double> ofCategories = new TreeMap<>();
    curves.forEach((category, sizes) -> ofCategories.put(category, sizes.getFirst().precision()));
    return new DetectionScore(
        mean(curves, 0, DetectionCurve::precision),
        mean(curves, 0, curve -> curve.precisionAt(0)),
        mean(curves, 0, curve -> curve.precisionAt(5)),
        Stream.of(1, 2, 3).map(size -> mean(curves, size, DetectionCurve::precision)).toList(),
        Stream.of(1, 10, 100).map(most -> mean(curves, 0, curve -> curve.recall(most))).toList(),
        Stream.of(1, 2, 3).map(size -> mean(curves, size, curve -> curve.recall(100))).toList(),
        ofCategories);
  }

  /** The curves of one category: of all sizes, of small, medium and large boxes. */
  private static List<DetectionCurve> curves(List<Annotation> wanted, List<Detection> found) {
    Map<Long, List<Annotation>> wantedIn =
        wanted.stream().collect(Collectors.groupingBy(Annotation::image));
    Map<Long, List<Detection>> foundIn =
        found.stream().collect(Collectors.groupingBy(Detection::image));
    List<Long> images =
        Stream.concat(wantedIn.keySet().stream(), foundIn.keySet().stream())
            .distinct()
            .sorted()
            .toList();
    return Stream.of(BoxSize.values())
        .map(size ->
            DetectionCurve.of(
                images.stream()
                    .map(image ->
                        DetectionMatches.of(
                            wantedIn.getOrDefault(image, List.of()),
                            foundIn.getOrDefault(image, List.of()),
                            size))
                    .toList()))
        .toList();
  }

  private static double mean(
      SortedMap<Integer, List<DetectionCurve>> curves,
      int size,
      ToDoubleFunction<DetectionCurve> part) {
    return curves.values().stream()
        .map(sizes -> sizes.get(size))
        .mapToDouble(part)
        .filter(value -> value >= 0)
        .average()
        .orElse(-1);
  }

  /**
   * The measures {@code AP}, {@code AP50}, {@code AP75}, {@code AP_small}, {@code AP_medium},
   * {@code AP_large}, {@code AR_1}, {@code AR_10}, {@code AR_100}, {@code AR_small}, {@code
   * AR_medium}, {@code AR_large}; items are images.
   *
   * @param images those that count, also those without annotations
   * @throws IllegalArgumentException if a detection is in none of the images
   */
  public static CorpusMeasure measure(
      List<Long> images,
      Collection<Integer> categories,
      List<Annotation> annotations,
      List<Detection> detections) {
    Set<Long> known = new HashSet<>(images);
    detections.stream()
        .filter(d -> !known.contains(d.image))
        .findFirst()
        .ifPresent(d -> {
          throw new IllegalArgumentException(
              "detections: expected images that the references have, got image " + d.image);
        });
    Map<Long, List<Annotation>> wanted = byImage(annotations, Annotation::image);
    Map<Long, List<Detection>> found = byImage(detections, Detection::image);
    return new CorpusMeasure() {
      @Override
      public int items() {
        return images.size();
      }

      @Override
      public SequencedMap<String, Double> over(int[] selection) {
        List<Annotation> someWanted = new ArrayList<>();
        List<Detection> someFound = new ArrayList<>();
        for (int i = 0; i < selection.length; i++) {
          long image = images.get(selection[i]);
          long number = i; // an image taken twice is two images
          wanted.getOrDefault(image, List.of()).stream()
              .map(a -> new Annotation(number, a.category, a.box, a.area, a.crowd))
              .forEach(someWanted::add);
          found.getOrDefault(image, List.of()).stream()
              .map(d -> new Detection(number, d.category, d.box, d.score))
              .forEach(someFound::add);
        }
        return of(categories, someWanted, someFound).values();
      }
    };
  }

  private static <T> Map<Long, List<T>> byImage(List<T> boxes, Function<T, Long> image) {
    return boxes.stream().collect(Collectors.groupingBy(image));
  }

  /** The twelve numbers of a COCO summary by name, in its order. */
  public SequencedMap<String, Double> values() {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("AP", averagePrecision);
    values.put("AP50", precisionAt50);
    values.put("AP75", precisionAt75);
    values.put("AP_small", precisionBySize.get(0));
    values.put("AP_medium", precisionBySize.get(1));
    values.put("AP_large", precisionBySize.get(2));
    values.put("AR_1", recall.get(0));
    values.put("AR_10", recall.get(1));
    values.put("AR_100", recall.get(2));
    values.put("AR_small", recallBySize.get(0));
    values.put("AR_medium", recallBySize.get(1));
    values.put("AR_large", recallBySize.get(2));
    return values;
  }
}
