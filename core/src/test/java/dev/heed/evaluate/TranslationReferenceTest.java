package dev.heed.evaluate;

import static dev.heed.evaluate.RecordedMeasures.each;
import static dev.heed.evaluate.RecordedMeasures.file;
import static dev.heed.evaluate.RecordedMeasures.texts;
import static dev.heed.evaluate.RecordedMeasures.textsOrNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.evaluate.Bleu.Smoothing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** BLEU, chrF and TER equal sacrebleu's. */
@Tag("unit")
class TranslationReferenceTest {
  private static final JsonNode DATA = file("bleu").get("data");

  private static List<String> hypotheses(JsonNode item) {
    return texts(DATA.get(item.get("data").asString()).get("hypotheses"));
  }

  private static References references(JsonNode item) {
    List<List<@Nullable String>> streams = new ArrayList<>();
    DATA.get(item.get("data").asString())
        .get("references")
        .forEach(stream -> streams.add(textsOrNull(stream)));
    return References.streams(streams);
  }

  @TestFactory
  Stream<DynamicTest> bleu() {
    JsonNode recorded = file("bleu");
    Stream<DynamicTest> corpus =
        each(
            "corpus",
            recorded.get("corpus"),
            (item, expected) -> {
              Bleu bleu = bleu(item.get("options"));
              References references = references(item);
              Bleu.Score score = bleu.corpus(hypotheses(item), references);
              check(expected, score);
              expected.numbers("precisions", score.precisions());
              assertThat(bleu.signature(references)).isEqualTo(item.get("signature").asString());
            });
    Stream<DynamicTest> sentences =
        each(
            "sentence",
            recorded.get("sentence"),
            (item, expected) -> {
              Bleu bleu =
                  Bleu.usual().withTokenizer(BleuTokenizer.named(item.get("tokenize").asString()));
              int index = item.get("index").asInt();
              check(
                  expected, bleu.sentence(hypotheses(item).get(index), references(item).of(index)));
            });
    Stream<DynamicTest> tokenization =
        each(
            "tokenization",
            recorded.get("tokenization"),
            (item, expected) -> {
              for (BleuTokenizer tokenizer : BleuTokenizer.values()) {
                assertThat(tokenizer.apply(item.get("text").asString()))
                    .isEqualTo(item.get(tokenizer.code()).asString());
              }
            });
    return Stream.of(corpus, sentences, tokenization).flatMap(tests -> tests);
  }

  private static void check(RecordedMeasures.Expected expected, Bleu.Score score) {
    expected.number("score", score.score());
    expected.numbers("counts", score.matches());
    expected.numbers("totals", score.totals());
    expected.number("bp", score.brevityPenalty());
    expected.number("sys_len", score.length());
    expected.number("ref_len", score.referenceLength());
  }

  private static Bleu bleu(JsonNode options) {
    String method = options.path("smooth_method").asString("exp");
    Smoothing smoothing =
        Arrays.stream(Smoothing.values())
            .filter(s -> s.code().equals(method))
            .findAny()
            .orElseThrow();
    return new Bleu(
        BleuTokenizer.named(options.path("tokenize").asString("13a")),
        options.path("lowercase").asBoolean(false),
        smoothing,
        options.path("smooth_value").asDouble(smoothing.usual()),
        options.path("max_ngram_order").asInt(4),
        options.path("effective_order").asBoolean(false));
  }

  @TestFactory
  Stream<DynamicTest> chrf() {
    JsonNode recorded = file("chrf");
    return Stream.concat(
        each(
            "corpus",
            recorded.get("corpus"),
            (item, expected) -> {
              JsonNode options = item.get("options");
              Chrf chrf =
                  new Chrf(
                      options.path("char_order").asInt(6),
                      options.path("word_order").asInt(0),
                      options.path("beta").asDouble(2),
                      options.path("lowercase").asBoolean(false),
                      options.path("whitespace").asBoolean(false),
                      options.path("eps_smoothing").asBoolean(false));
              References references = references(item);
              expected.number("score", chrf.corpus(hypotheses(item), references));
              assertThat(chrf.signature(references)).isEqualTo(item.get("signature").asString());
            }),
        each(
            "sentence",
            recorded.get("sentence"),
            (item, expected) -> {
              int index = item.get("index").asInt();
              String hypothesis = hypotheses(item).get(index);
              List<String> wanted = references(item).of(index);
              expected.number("chrf", Chrf.usual().sentence(hypothesis, wanted));
              expected.number("chrf_pp", Chrf.plusPlus().sentence(hypothesis, wanted));
            }));
  }

  @TestFactory
  Stream<DynamicTest> ter() {
    JsonNode recorded = file("ter");
    return Stream.concat(
        each(
            "corpus",
            recorded.get("corpus"),
            (item, expected) -> {
              JsonNode options = item.get("options");
              Ter ter =
                  new Ter(
                      new TerTokenizer(
                          options.path("normalized").asBoolean(false),
                          options.path("no_punct").asBoolean(false),
                          options.path("asian_support").asBoolean(false),
                          options.path("case_sensitive").asBoolean(false)));
              References references = references(item);
              check(expected, ter.corpus(hypotheses(item), references));
              assertThat(ter.signature(references)).isEqualTo(item.get("signature").asString());
            }),
        each(
            "sentence",
            recorded.get("sentence"),
            (item, expected) -> {
              if (item.has("hypothesis")) {
                check(
                    expected,
                    Ter.usual()
                        .sentence(
                            item.get("hypothesis").asString(),
                            List.of(item.get("reference").asString())));
              } else {
                int index = item.get("index").asInt();
                check(
                    expected,
                    Ter.usual().sentence(hypotheses(item).get(index), references(item).of(index)));
              }
            }));
  }

  private static void check(RecordedMeasures.Expected expected, Ter.Score score) {
    expected.number("score", score.score());
    expected.number("num_edits", score.edits());
    expected.number("ref_length", score.referenceLength());
  }
}
