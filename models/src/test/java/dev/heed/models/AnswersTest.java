package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.evaluate.SquadScore;
import dev.heed.model.ModelFiles;
import dev.heed.task.AnswerFinder;
import dev.heed.task.AnswerFinder.Options;
import dev.heed.task.TextPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** On each fourth of the 142 questions of XQuAD (CC BY-SA 4.0) that were held out. */
@Tag("integration")
class AnswersTest {
  @Test
  void a_beginners_question_is_answered_as_the_card_says() {
    try (AnswerFinder finder = AnswerFinder.open(ModelFiles.carried("answers"), null)) {
      String question = "What is the capital of France?";
      assertThat(finder.find(question, "Paris is the capital of France.").best().text())
          .isEqualTo("Paris");
      String two =
          "France is a country in Western Europe. Its capital and largest city is Paris, on the"
              + " river Seine. Berlin is the capital of Germany.";
      assertThat(finder.find(question, two).best().text()).isEqualTo("Berlin");
    }
  }

  @Test
  void its_score_holds() throws IOException {
    List<TextPair> pairs = new ArrayList<>();
    List<List<String>> right = new ArrayList<>();
    for (String line : Samples.lines("xquad-sample.jsonl")) {
      JsonNode asked = JsonMapper.shared().readTree(line);
      pairs.add(
          new TextPair(asked.get("question").stringValue(), asked.get("context").stringValue()));
      right.add(List.of(asked.get("answers").get(0).stringValue()));
    }
    assertThat(pairs).hasSize(36);
    try (AnswerFinder finder = AnswerFinder.open(ModelFiles.carried("answers"), null)) {
      List<String> told =
          finder.find(pairs, Options.USUAL).stream().map(each -> each.best().text()).toList();
      assertThat(SquadScore.measure(false, told, right).value("f1")).isBetween(49.0, 56.0);
    }
  }
}
