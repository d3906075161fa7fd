package dev.heed.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.evaluate.PronounQuestion.Gender;
import dev.heed.evaluate.PronounQuestion.Place;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PronounScoreTest {
  private static PronounQuestion gap(String pronoun, String a, String b) {
    String text = "Ada met Eve. Then Ada said that " + pronoun + " would leave.";
    return PronounQuestion.of(
        "line 2",
        Map.of(
            "Text",
            text,
            "Pronoun",
            pronoun,
            "Pronoun-offset",
            String.valueOf(text.indexOf(" " + pronoun + " ") + 1),
            "A",
            "Ada",
            "A-offset",
            "18",
            "A-coref",
            a,
            "B",
            "Eve",
            "B-offset",
            "8",
            "B-coref",
            b));
  }

  @Test
  void the_score_counts_pairs_and_tells_genders_apart() {
    List<PronounQuestion> questions =
        List.of(
            gap("she", "TRUE", "FALSE"), gap("she", "FALSE", "TRUE"),
            gap("he", "TRUE", "FALSE"), gap("he", "FALSE", "FALSE"));
    List<boolean[]> told =
        List.of(
            new boolean[] {true, false}, new boolean[] {true, false},
            new boolean[] {false, false}, new boolean[] {false, false});
    CorpusMeasure measure = PronounScore.measure(questions, told);
    assertThat(measure.value("precision")).isEqualTo(50);
    assertThat(measure.value("recall")).isCloseTo(100.0 / 3, within(1e-12));
    assertThat(measure.value("f1")).isCloseTo(40, within(1e-12));
    assertThat(measure.value("accuracy")).isEqualTo(50);
    assertThat(measure.value("f1_feminine")).isEqualTo(50);
    assertThat(measure.value("f1_masculine")).isZero();
    assertThat(measure.value("bias")).isInfinite();
    assertThatThrownBy(() -> PronounScore.measure(questions, told.subList(0, 3)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void names_are_marked_and_found_by_place_alone() {
    PronounQuestion question = gap("she", "TRUE", "FALSE");
    assertThat(question.gender()).isEqualTo(Gender.FEMININE);
    assertThat(question.marked(question.candidates().getLast()))
        .isEqualTo("Ada met # Eve #. Then Ada said that * she * would leave.");
    assertThat(question.nearest()).isZero();
    assertThat(question.subject()).isZero();
    PronounQuestion pair =
        PronounQuestion.of(
            "line 3",
            Map.of(
                "sentence", "They say the cats fear the dogs because they bark; they do.",
                "pronoun", "they",
                "candidate_a", "The cats",
                "candidate_b", "the dogs",
                "answer", "B"));
    assertThat(pair.pronoun()).isEqualTo(new Place(40, 44));
    assertThat(pair.gender()).isEqualTo(Gender.NONE);
    assertThat(pair.candidates())
        .extracting(PronounQuestion.Candidate::right)
        .containsExactly(false, true);
    assertThat(pair.nearest()).isEqualTo(1);
    assertThat(pair.subject()).isZero();
  }

  @Test
  void what_stands_elsewhere_is_refused_by_line() {
    assertThatThrownBy(() -> gap("she", "TRUE", "maybe"))
        .hasMessage("line 2: expected B-coref TRUE or FALSE, got MAYBE");
    assertThatThrownBy(() ->
            PronounQuestion.of(
                "line 4",
                Map.of(
                    "sentence", "A cat sat.",
                    "pronoun", "it",
                    "candidate_a", "cat",
                    "candidate_b", "dog",
                    "answer", "A")))
        .hasMessage("line 4: expected dog in the sentence, got A cat sat.");
    assertThatThrownBy(() -> PronounQuestion.of("line 5", Map.of("text", "")))
        .hasMessageStartingWith("line 5: expected a column sentence");
  }
}
