package dev.heed.evaluate;

import static dev.heed.evaluate.RecordedMeasures.doubles;
import static dev.heed.evaluate.RecordedMeasures.each;
import static dev.heed.evaluate.RecordedMeasures.file;
import static dev.heed.evaluate.RecordedMeasures.stream;
import static dev.heed.evaluate.RecordedMeasures.textLists;
import static dev.heed.evaluate.RecordedMeasures.truths;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.evaluate.AlignmentScore.Link;
import dev.heed.evaluate.RecordedMeasures.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Entities, classes, calibration and alignments are scored as recorded. */
@Tag("unit")
class LabelReferenceTest {

  @TestFactory
  Stream<DynamicTest> seqeval() {
    return each(
        "case",
        file("seqeval").get("cases"),
        (item, expected) -> {
          List<List<String>> actual = textLists(item.get("true"));
          List<List<String>> predicted = textLists(item.get("predicted"));
          assertThat(spans(actual)).isEqualTo(spans(item.get("entities_true")));
          assertThat(spans(predicted)).isEqualTo(spans(item.get("entities_predicted")));
          EntityScore lenient = EntityScore.of(TagScheme.LENIENT, actual, predicted);
          expected.number("token_accuracy", lenient.tokenAccuracy());
          check(lenient, item.get("default"));
          TagScheme scheme = TagScheme.named(item.get("strict_scheme").asString());
          check(EntityScore.of(scheme, actual, predicted), item.get("strict"));
        });
  }

  private static void check(EntityScore score, JsonNode recorded) {
    Expected expected = new Expected(recorded);
    expected.score("micro", score.micro());
    expected.score("macro", score.macro());
    expected.score("weighted", score.weighted());
    JsonNode types = recorded.get("per_type");
    assertThat(score.ofTypes().keySet()).isEqualTo(Set.copyOf(types.propertyNames()));
    score
        .ofTypes()
        .forEach((type, value) ->
            new Expected(types)
                .numbers(
                    type,
                    value.score().precision(),
                    value.score().recall(),
                    value.score().f1(),
                    value.support()));
  }

  /** The spans of sentences joined with one token between them. */
  private static List<EntitySpan> spans(List<List<String>> sentences) {
    List<EntitySpan> spans = new ArrayList<>();
    int offset = 0;
    for (List<String> sentence : sentences) {
      for (EntitySpan span : TagScheme.LENIENT.entities(sentence)) {
        spans.add(new EntitySpan(span.type(), span.start() + offset, span.end() + offset));
      }
      offset += sentence.size() + 1;
    }
    return spans;
  }

  private static List<EntitySpan> spans(JsonNode list) {
    return stream(list)
        .map(span ->
            new EntitySpan(span.get(0).asString(), span.get(1).asInt(), span.get(2).asInt()))
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> classification() {
    JsonNode recorded = file("classification");
    return Stream.of(
            each("case", recorded.get("cases"), LabelReferenceTest::confusion),
            Stream.of(
                DynamicTest.dynamicTest("multilabel", () -> multiLabel(recorded.get("multilabel"))),
                DynamicTest.dynamicTest(
                    "binary_scores", () -> binary(recorded.get("binary_scores")))))
        .flatMap(tests -> tests);
  }

  private static void confusion(JsonNode item, Expected expected) {
    Confusion confusion =
        Confusion.of(
            numbers(item.get("labels")), numbers(item.get("true")), numbers(item.get("predicted")));
    for (int label = 0; label < confusion.labels().size(); label++) {
      assertThat(confusion.counts()[label]).isEqualTo(doubles(item.get("confusion").get(label)));
      PrecisionRecall score = confusion.perClass().get(label);
      Expected ofClass = new Expected(item.get("per_class").get(label));
      ofClass.number("precision", score.precision());
      ofClass.number("recall", score.recall());
      ofClass.number("f1", score.f1());
      ofClass.number("support", confusion.supports()[label]);
    }
    expected.number("accuracy", confusion.accuracy());
    expected.number("balanced_accuracy", confusion.balancedAccuracy());
    expected.number("matthews", confusion.matthews());
    expected.number("cohen_kappa", confusion.cohensKappa());
    expected.score("micro", confusion.micro());
    expected.score("macro", confusion.macro());
    expected.score("weighted", confusion.weighted());
    expected.number("macro_f1_of_present_labels", confusion.macroOfPresent().f1());
  }

  private static List<String> numbers(JsonNode list) {
    return stream(list).map(JsonNode::toString).toList();
  }

  private static void multiLabel(JsonNode item) {
    MultiLabelScore score =
        MultiLabelScore.of(
            stream(item.get("true")).map(RecordedMeasures::truths).toArray(boolean[][]::new),
            stream(item.get("predicted")).map(RecordedMeasures::truths).toArray(boolean[][]::new));
    Expected expected = new Expected(item);
    expected.number("subset_accuracy", score.subsetAccuracy());
    expected.number("hamming_loss", score.hammingLoss());
    expected.score("micro", score.micro());
    expected.score("macro", score.macro());
    expected.score("weighted", score.weighted());
    expected.score("samples", score.samples());
  }

  private static void binary(JsonNode item) {
    BinaryScores scores = new BinaryScores(truths(item.get("true")), doubles(item.get("scores")));
    JsonNode clip = item.get("log_loss_scores_clipped_to");
    Expected expected = new Expected(item);
    expected.number("roc_auc", scores.rocAuc());
    expected.number("average_precision", scores.averagePrecision());
    expected.number("brier", scores.brier());
    expected.number("log_loss", scores.logLoss(clip.get(0).asDouble(), clip.get(1).asDouble()));
  }

  @TestFactory
  Stream<DynamicTest> calibration() {
    return each(
        "case",
        file("calibration").get("cases"),
        (item, expected) -> {
          int bins = item.get("bins").asInt();
          double[] confidence = doubles(item.get("confidence"));
          boolean[] correct = truths(item.get("correct"));
          Calibration calibration = Calibration.ofEqualWidth(bins, confidence, correct);
          expected.number("ece", calibration.expectedError());
          expected.number("mce", calibration.maximumError());
          expected.number(
              "ece_equal_mass", Calibration.ofEqualMass(bins, confidence, correct).expectedError());
          for (int b = 0; b < bins; b++) {
            Calibration.Bin bin = calibration.bins().get(b);
            new Expected(item.get("per_bin").get(b))
                .elements(bin.count(), bin.confidence(), bin.accuracy());
          }
          if (item.has("probabilities")) {
            double[][] probabilities =
                stream(item.get("probabilities"))
                    .map(RecordedMeasures::doubles)
                    .toArray(double[][]::new);
            int[] labels = stream(item.get("labels")).mapToInt(JsonNode::asInt).toArray();
            expected.number("brier_multiclass", Calibration.brier(probabilities, labels));
            expected.number("nll", Calibration.negativeLogLikelihood(probabilities, labels));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> alignment_error_rate() {
    JsonNode recorded = file("alignment_error_rate");
    Stream<DynamicTest> cases =
        each("case", recorded.get("cases"), (item, expected) -> check(alignment(item), expected));
    DynamicTest corpus =
        DynamicTest.dynamicTest(
            "corpus",
            () ->
                check(
                    stream(recorded.get("cases"))
                        .map(LabelReferenceTest::alignment)
                        .reduce(AlignmentScore::plus)
                        .orElseThrow(),
                    new Expected(recorded.get("corpus"))));
    return Stream.concat(cases, Stream.of(corpus));
  }

  private static AlignmentScore alignment(JsonNode item) {
    return AlignmentScore.of(
        links(item.get("hypothesis")), links(item.get("sure")), links(item.get("possible")));
  }

  private static void check(AlignmentScore score, Expected expected) {
    expected.number("precision", score.precision());
    expected.number("recall", score.recall());
    expected.number("aer", score.errorRate());
  }

  private static Set<Link> links(JsonNode list) {
    return stream(list)
        .map(link -> new Link(link.get(0).asInt(), link.get(1).asInt()))
        .collect(Collectors.toSet());
  }
}
