package dev.heed.evaluate;

import static dev.heed.evaluate.RecordedMeasures.doubles;
import static dev.heed.evaluate.RecordedMeasures.each;
import static dev.heed.evaluate.RecordedMeasures.file;
import static dev.heed.evaluate.RecordedMeasures.stream;
import static dev.heed.evaluate.RecordedMeasures.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.evaluate.RecordedMeasures.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** ROUGE, SQuAD, error rates and likelihoods equal the recorded ones. */
@Tag("unit")
class TextReferenceTest {

  @TestFactory
  Stream<DynamicTest> rouge() {
    JsonNode recorded = file("rouge");
    Stream<DynamicTest> pairs =
        each(
            "pair",
            recorded.get("pairs"),
            (item, expected) -> {
              for (boolean stemmed : List.of(false, true)) {
                JsonNode scores = item.get(stemmed ? "stemmed" : "plain");
                for (String variant : scores.propertyNames()) {
                  new Expected(scores)
                      .score(
                          variant,
                          new Rouge(stemmed)
                              .score(
                                  Rouge.named(variant),
                                  item.get("hypothesis").asString(),
                                  item.get("reference").asString()));
                }
              }
            });
    Stream<DynamicTest> several =
        each(
            "several references",
            recorded.get("several_references"),
            (item, expected) -> {
              JsonNode best = item.get("best");
              for (String variant : best.propertyNames()) {
                new Expected(best)
                    .score(
                        variant,
                        new Rouge(false)
                            .best(
                                Rouge.named(variant),
                                item.get("hypothesis").asString(),
                                texts(item.get("references"))));
              }
            });
    DynamicTest stems =
        DynamicTest.dynamicTest(
            "stems",
            () ->
                recorded
                    .get("stems")
                    .properties()
                    .forEach(stem ->
                        assertThat(PorterStemmer.stem(stem.getKey()))
                            .as(stem.getKey())
                            .isEqualTo(stem.getValue().asString())));
    return Stream.of(pairs, several, Stream.of(stems)).flatMap(tests -> tests);
  }

  @TestFactory
  Stream<DynamicTest> squad() {
    JsonNode recorded = file("squad");
    Stream<DynamicTest> cases =
        each(
            "case",
            recorded.get("cases"),
            (item, expected) -> {
              String prediction = item.get("prediction").asString();
              List<String> answers = texts(item.get("answers"));
              assertThat(SquadScore.normalize(prediction))
                  .isEqualTo(item.get("normalized_prediction").asString());
              assertThat(answers.stream().map(SquadScore::normalize))
                  .isEqualTo(texts(item.get("normalized_answers")));
              SquadScore second = SquadScore.version2(prediction, answers);
              expected.number("v2_exact", second.exact());
              expected.number("v2_f1", second.f1());
              if (!answers.isEmpty()) {
                SquadScore first = SquadScore.version1(prediction, answers);
                expected.number("v1_exact", first.exact());
                expected.number("v1_f1", first.f1());
              }
            });
    return Stream.concat(
        cases, Stream.of(DynamicTest.dynamicTest("means and thresholds", () -> means(recorded))));
  }

  private static void means(JsonNode recorded) {
    List<String> predictions = new ArrayList<>();
    List<List<String>> answers = new ArrayList<>();
    stream(recorded.get("cases"))
        .forEach(item -> {
          predictions.add(item.get("prediction").asString());
          answers.add(texts(item.get("answers")));
        });
    Expected second = new Expected(recorded.get("v2"));
    CorpusMeasure all = SquadScore.measure(true, predictions, answers);
    second.number("exact", all.value("exact"));
    second.number("f1", all.value("f1"));
    second.number("total", all.items());
    List<String> answerable = new ArrayList<>();
    for (int i = 0; i < predictions.size(); i++) {
      if (!answers.get(i).isEmpty()) {
        answerable.add(predictions.get(i));
      }
    }
    CorpusMeasure some =
        SquadScore.measure(
            false, answerable, answers.stream().filter(list -> !list.isEmpty()).toList());
    Expected first = new Expected(recorded.get("v1"));
    first.number("exact", some.value("exact"));
    first.number("f1", some.value("f1"));
    first.number("total", some.items());
    double[] noAnswer = doubles(recorded.get("no_answer_probabilities"));
    SquadScore.Threshold exact =
        SquadScore.bestThreshold(SquadScore::exact, predictions, answers, noAnswer);
    SquadScore.Threshold f1 =
        SquadScore.bestThreshold(SquadScore::f1, predictions, answers, noAnswer);
    Expected best = new Expected(recorded);
    best.numbers("best_exact", exact.score(), exact.threshold());
    best.numbers("best_f1", f1.score(), f1.threshold());
  }

  @TestFactory
  Stream<DynamicTest> error_rates() {
    JsonNode recorded = file("error_rates");
    Stream<DynamicTest> pairs =
        each(
            "pair",
            recorded.get("pairs"),
            (item, expected) -> {
              for (ErrorRate.Unit unit : ErrorRate.Unit.values()) {
                check(rate(unit, item), item.get(name(unit)), unit);
              }
            });
    DynamicTest corpus =
        DynamicTest.dynamicTest(
            "corpus",
            () -> {
              Expected expected = new Expected(recorded.get("corpus"));
              ErrorRate words = sum(recorded, ErrorRate.Unit.WORD);
              expected.number("word_edits", words.edits());
              expected.number("words", words.referenceLength());
              expected.number("wer", words.rate());
              ErrorRate characters = sum(recorded, ErrorRate.Unit.CHARACTER);
              expected.number("character_edits", characters.edits());
              expected.number("characters", characters.referenceLength());
              expected.number("cer", characters.rate());
            });
    return Stream.concat(pairs, Stream.of(corpus));
  }

  private static String name(ErrorRate.Unit unit) {
    return unit == ErrorRate.Unit.WORD ? "words" : "characters";
  }

  private static ErrorRate rate(ErrorRate.Unit unit, JsonNode item) {
    return ErrorRate.of(unit, item.get("hypothesis").asString(), item.get("reference").asString());
  }

  private static ErrorRate sum(JsonNode recorded, ErrorRate.Unit unit) {
    return stream(recorded.get("pairs"))
        .map(item -> rate(unit, item))
        .reduce(ErrorRate.NONE, ErrorRate::plus);
  }

  private static void check(ErrorRate rate, JsonNode recorded, ErrorRate.Unit unit) {
    Expected expected = new Expected(recorded);
    expected.number("edits", rate.edits());
    expected.number("reference_length", rate.referenceLength());
    expected.number(unit == ErrorRate.Unit.WORD ? "wer" : "cer", rate.rate());
    Expected counts = new Expected(recorded.get("counts"));
    counts.number("substitutions", rate.substitutions());
    counts.number("deletions", rate.deletions());
    counts.number("insertions", rate.insertions());
    if (recorded.has("hits")) {
      expected.number("hits", rate.hits());
      expected.number("mer", rate.matchErrorRate());
      expected.number("wil", rate.informationLost());
    }
  }

  @TestFactory
  Stream<DynamicTest> language_model() {
    JsonNode recorded = file("language_model");
    Stream<DynamicTest> cases =
        each(
            "case",
            recorded.get("cases"),
            (item, expected) -> {
              TextLikelihood text = likelihood(item);
              expected.number("tokens", text.tokens());
              expected.number("utf8_bytes", text.bytes());
              expected.number("code_points", text.characters());
              expected.number("words", text.words());
              expected.number("nll", text.negativeLog());
              expected.number("perplexity", text.perplexity());
              expected.number("bits_per_token", text.bitsPerToken());
              expected.number("bits_per_byte", text.bitsPerByte());
              expected.number("bits_per_character", text.bitsPerCharacter());
              expected.number("word_perplexity", text.wordPerplexity());
            });
    DynamicTest corpus =
        DynamicTest.dynamicTest(
            "corpus",
            () -> {
              TextLikelihood all =
                  stream(recorded.get("cases"))
                      .map(TextReferenceTest::likelihood)
                      .reduce(TextLikelihood::plus)
                      .orElseThrow();
              Expected expected = new Expected(recorded.get("corpus"));
              expected.number("perplexity", all.perplexity());
              expected.number("bits_per_byte", all.bitsPerByte());
            });
    return Stream.concat(cases, Stream.of(corpus));
  }

  private static TextLikelihood likelihood(JsonNode item) {
    return TextLikelihood.of(
        item.get("text").asString(), doubles(item.get("token_log_probabilities")));
  }
}
