package dev.heed.evaluate;

import static dev.heed.evaluate.RecordedMeasures.doubles;
import static dev.heed.evaluate.RecordedMeasures.each;
import static dev.heed.evaluate.RecordedMeasures.file;
import static dev.heed.evaluate.RecordedMeasures.stream;
import static dev.heed.evaluate.RecordedMeasures.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.evaluate.DetectionScore.Annotation;
import dev.heed.evaluate.DetectionScore.Detection;
import dev.heed.evaluate.RankingScore.Query;
import dev.heed.evaluate.RecordedMeasures.Expected;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Correlations, rankings, detections and bootstrap intervals equal the recorded ones. */
@Tag("unit")
class NumberReferenceTest {

  @TestFactory
  Stream<DynamicTest> correlation() {
    return each(
        "case",
        file("correlation").get("cases"),
        (item, expected) -> {
          double[] x = doubles(item.get("x"));
          double[] y = doubles(item.get("y"));
          expected.number("pearson", Correlation.pearson(x, y));
          expected.number("spearman", Correlation.spearman(x, y));
          expected.number("kendall_tau_b", Correlation.kendall(x, y));
          expected.number("kendall_tau_a", Correlation.kendallA(x, y));
          expected.number("kendall_tau_c", Correlation.kendallC(x, y));
          expected.numbers("ranks_x", Correlation.ranks(x));
          expected.numbers("ranks_y", Correlation.ranks(y));
          expected.number("mae", NumberErrors.meanAbsolute(x, y));
          expected.number("rmse", NumberErrors.rootMeanSquare(x, y));
          expected.number("r2_y_predicted_by_x", NumberErrors.explained(x, y));
        });
  }

  @TestFactory
  Stream<DynamicTest> ranking() {
    JsonNode recorded = file("ranking");
    List<Query> queries = stream(recorded.get("queries")).map(NumberReferenceTest::query).toList();
    Stream<DynamicTest> ofQueries =
        each(
            "query",
            recorded.get("queries"),
            (item, expected) ->
                item.get("at")
                    .forEach(at -> {
                      RankingScore score = RankingScore.of(query(item), at.get("k").asInt());
                      check(new Expected(at), List.of(score));
                    }));
    Stream<DynamicTest> means =
        recorded.get("mean").properties().stream()
            .map(mean ->
                DynamicTest.dynamicTest(
                    "mean at " + mean.getKey(),
                    () ->
                        check(
                            new Expected(mean.getValue()),
                            queries.stream()
                                .map(q -> RankingScore.of(q, Integer.parseInt(mean.getKey())))
                                .toList())));
    return Stream.of(
            ofQueries,
            means,
            Stream.of(DynamicTest.dynamicTest("ties", () -> ties(recorded.get("ties")))))
        .flatMap(tests -> tests);
  }

  private static Query query(JsonNode item) {
    return new Query(
        texts(item.get("ranking")),
        item.get("relevance").properties().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, grade -> grade.getValue().asInt())));
  }

  private static void check(Expected expected, List<RankingScore> scores) {
    Map.<String, ToDoubleFunction<RankingScore>>of(
            "precision", RankingScore::precision,
            "recall", RankingScore::recall,
            "hit", RankingScore::hit,
            "mrr", RankingScore::reciprocalRank,
            "ndcg_linear", RankingScore::ndcg,
            "ndcg_exponential", RankingScore::ndcgExponential,
            "average_precision", RankingScore::averagePrecision,
            "average_precision_min_k", RankingScore::averagePrecisionWithinK)
        .forEach((key, part) ->
            expected.number(key, scores.stream().mapToDouble(part).average().orElseThrow()));
  }

  private static void ties(JsonNode item) {
    double[] grades = doubles(item.get("relevance"));
    double[] scores = doubles(item.get("scores"));
    JsonNode recorded = item.get("ndcg_ties_averaged");
    for (String k : recorded.propertyNames()) {
      new Expected(recorded)
          .number(k, RankingScore.ndcgOfScores(grades, scores, Integer.parseInt(k)));
    }
  }

  @TestFactory
  Stream<DynamicTest> detection() {
    JsonNode recorded = file("detection");
    return Stream.concat(
        each(
            "box pair",
            recorded.get("box_pairs"),
            (item, expected) -> {
              Box a = box(item.get("a_xywh"));
              Box b = box(item.get("b_xywh"));
              expected.number("intersection", a.intersection(b));
              expected.number("union", a.union(b));
              expected.number("iou", a.iou(b));
              expected.number("giou", a.generalizedIou(b));
              expected.number("diou", a.distanceIou(b));
              if (item.has("ciou")) {
                expected.number("ciou", a.completeIou(b));
              }
            }),
        each("set", recorded.get("sets"), NumberReferenceTest::set));
  }

  private static void set(JsonNode item, Expected ignored) {
    List<Annotation> annotations =
        stream(item.get("annotations"))
            .map(a -> {
              Box box = box(a.get("box"));
              return new Annotation(
                  a.get("image").asLong(),
                  a.get("category").asInt(),
                  box,
                  box.area(),
                  a.path("crowd").asInt(0) != 0);
            })
            .toList();
    List<Detection> detections =
        stream(item.get("detections"))
            .map(d ->
                new Detection(
                    d.get("image").asLong(),
                    d.get("category").asInt(),
                    box(d.get("box")),
                    d.get("score").asDouble()))
            .toList();
    List<Integer> categories = stream(item.get("categories")).map(JsonNode::asInt).toList();
    JsonNode recorded = item.get("expected");
    DetectionScore score = DetectionScore.of(categories, annotations, detections);
    score.values().forEach((key, value) -> new Expected(recorded).number(key, value));
    score
        .ofCategories()
        .forEach((category, value) ->
            new Expected(recorded.get("AP_per_category")).number(category.toString(), value));
    assertThat(recorded.size()).isEqualTo(score.values().size() + 1);
    List<Long> images = stream(item.get("images")).map(JsonNode::asLong).toList();
    assertThat(DetectionScore.measure(images, categories, annotations, detections).overall())
        .isEqualTo(score.values());
  }

  private static Box box(JsonNode xywh) {
    double[] sides = doubles(xywh);
    return new Box(sides[0], sides[1], sides[2], sides[3]);
  }

  @Test
  void bootstrap() {
    JsonNode recorded = file("bootstrap");
    Expected expected = new Expected(recorded);
    double[] a = doubles(recorded.get("system_a"));
    double[] b = doubles(recorded.get("system_b"));
    int[][] samples = integers("resamples");
    Bootstrap of = Bootstrap.of(a.length, samples, sample -> mean(a, sample));
    expected.number("mean_a", of.value());
    expected.number("mean_b", mean(b, IntStream.range(0, b.length).toArray()));
    expected.numbers(
        "resampled_means_a_first5",
        Arrays.stream(samples).limit(5).mapToDouble(sample -> mean(a, sample)).toArray());
    interval(expected, "percentile_95_a", of.percentile(0.95));
    interval(expected, "percentile_90_a", of.percentile(0.90));
    interval(expected, "basic_95_a", of.basic(0.95));
    expected.number("standard_error_a", of.standardError());
    double[] leftOut =
        IntStream.range(0, a.length)
            .mapToDouble(
                left -> mean(a, IntStream.range(0, a.length).filter(i -> i != left).toArray()))
            .toArray();
    interval(expected, "bca_95_a", of.accelerated(0.95, leftOut));
    expected.number("bca_z0", of.bias());
    expected.number("bca_acceleration", Bootstrap.acceleration(leftOut));
    PairedComparison pair =
        new PairedComparison(
            recorded.get("mean_b").asDouble() - recorded.get("mean_a").asDouble(),
            Arrays.stream(samples)
                .mapToDouble(sample -> mean(b, sample) - mean(a, sample))
                .toArray());
    interval(expected, "paired_difference_95", pair.bootstrap().percentile(0.95));
    expected.number("paired_wins_b", pair.wins());
    expected.number("paired_p_koehn", pair.koehnP());
    expected.number("paired_p_centered", pair.centeredP());
    boolean[][] swaps = new boolean[samples.length][a.length];
    int[][] recordedSwaps = integers("swaps");
    for (int s = 0; s < swaps.length; s++) {
      for (int i = 0; i < a.length; i++) {
        swaps[s][i] = recordedSwaps[s][i] == 1;
      }
    }
    expected.number("randomization_p", PairedComparison.randomizationP(a, b, swaps));
  }

  private static void interval(Expected expected, String key, Bootstrap.Interval interval) {
    expected.numbers(key, interval.low(), interval.high());
  }

  private static double mean(double[] values, int[] sample) {
    return Arrays.stream(sample).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  private static int[][] integers(String name) {
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file =
            SafetensorsFile.open(
                GoldenFolder.area("metrics").resolve("bootstrap_resamples.safetensors"))) {
      Tensor tensor = file.read(name);
      double[] numbers = tensor.toDoubleArray();
      int columns = Math.toIntExact(tensor.size(1));
      int[][] rows = new int[Math.toIntExact(tensor.size(0))][columns];
      for (int i = 0; i < numbers.length; i++) {
        rows[i / columns][i % columns] = (int) numbers[i];
      }
      return rows;
    }
  }
}
