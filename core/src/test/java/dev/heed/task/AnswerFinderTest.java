package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.Evidence.Marked;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.task.AnswerFinder.Answer;
import dev.heed.task.AnswerFinder.Answers;
import dev.heed.task.AnswerFinder.Options;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers, beside what follows by hand from a model's logits. */
@Tag("integration")
class AnswerFinderTest {
  private static final String QUESTION = "who sat ?";
  private static final String TEXT = "the cat sat on the old tree";

  @TempDir Path folder;

  private AnswerFinder open() throws IOException {
    return AnswerFinder.open(TinyCheckpoint.write(folder, "bert-qa", "bert", Map.of()), null);
  }

  /** The logits of starts and ends of the question and the text. */
  private float[][] logits() {
    // [CLS] who sat ? [SEP] the cat sat on the old tree [SEP]
    long[] ids = {2, 42, 16, 65, 3, 9, 11, 16, 35, 9, 31, 58, 3};
    long[] types = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    return TinyCheckpoint.output(
        folder,
        Map.of("input_ids", ids, "token_type_ids", types),
        output ->
            new float[][] {
              output.require("start_logits").toFloatArray(),
              output.require("end_logits").toFloatArray()
            });
  }

  @Test
  void the_best_span_is_that_of_the_highest_sum_of_logits() throws IOException {
    try (AnswerFinder finder = open()) {
      float[][] logits = logits();
      Answers answers = finder.find(QUESTION, TEXT);
      double best = Double.NEGATIVE_INFINITY;
      int[] ends = {3, 7, 11, 14, 18, 22, 27};
      int[] starts = {0, 4, 8, 12, 15, 19, 23};
      int from = -1;
      int to = -1;
      double sum = 0;
      for (int i = 5; i < 12; i++) {
        for (int j = i; j < 12; j++) {
          double score = (double) logits[0][i] + logits[1][j];
          if (score > best) {
            best = score;
            from = starts[i - 5];
            to = ends[j - 5];
          }
        }
      }
      assertThat(answers.best().score()).isCloseTo(best, within(1e-5));
      assertThat(answers.best().start()).isEqualTo(from);
      assertThat(answers.best().end()).isEqualTo(to);
      assertThat(answers.best().text()).isEqualTo(TEXT.substring(from, to));
      assertThat(answers.noAnswer()).isCloseTo(logits[0][0] + logits[1][0], within(1e-5));
      assertThat(answers.answers()).hasSize(20);
      for (Answer each : answers.answers()) {
        sum += Math.exp(each.score());
      }
      assertThat(answers.best().probability()).isCloseTo(Math.exp(best) / sum, within(1e-6));
      assertThat(answers.answers())
          .isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
      int single = finder.find(QUESTION, TEXT, new Options(20, 1, false, 0)).answers().size();
      assertThat(single).isEqualTo(7);
    }
  }

  @Test
  void no_answer_is_one_where_it_scores_higher_by_the_threshold() throws IOException {
    try (AnswerFinder finder = open()) {
      Answers answers = finder.find(QUESTION, TEXT);
      double gap = answers.noAnswer() - answers.best().score();
      Options below = new Options(20, 30, true, gap - 0.01);
      Options above = new Options(20, 30, true, gap + 0.01);
      assertThat(finder.find(QUESTION, TEXT, below).best().text()).isEmpty();
      assertThat(finder.find(QUESTION, TEXT, above).best().text()).isEqualTo(answers.best().text());
      assertThat(finder.find(QUESTION, TEXT, above).answers())
          .extracting(Answer::text)
          .contains("");
      assertThat(finder.find(QUESTION, "", below).best().text()).isEmpty();
      assertThatThrownBy(() -> finder.find(QUESTION, "")).hasMessageContaining("allow no answer");
    }
  }

  /** Makes the word fish begin and end answers, wherever it stands. */
  private AnswerFinder looking() throws IOException {
    TinyCheckpoint.write(folder, "bert-qa", "bert", Map.of());
    TinyCheckpoint.change(
        folder,
        (name, value) ->
            switch (name) {
              case "bert.embeddings.word_embeddings.weight" -> {
                float[] table = new float[(int) (value.size(0) * value.size(1))];
                for (int token = 0; token < value.size(0); token++) {
                  table[token * (int) value.size(1) + (token == 60 ? 1 : 0)] = 1;
                }
                yield Tensor.of(table, value.size(0), value.size(1));
              }
              case "qa_outputs.weight" -> {
                float[] map = new float[(int) (2 * value.size(1))];
                map[1] = 5;
                map[(int) value.size(1) + 1] = 5;
                yield Tensor.of(map, 2, value.size(1));
              }
              default ->
                  name.endsWith("output.dense.weight")
                          || name.endsWith("bias")
                          || name.contains("position_embeddings")
                          || name.contains("token_type_embeddings")
                      ? value.mul(0)
                      : name.endsWith("LayerNorm.weight") ? value.mul(0).add(1) : value;
            });
    return AnswerFinder.open(dev.heed.model.ModelFiles.folder(folder), null);
  }

  @Test
  void an_answer_is_found_anywhere_in_a_text_longer_than_the_model() throws IOException {
    try (AnswerFinder finder = looking()) {
      for (int before : new int[] {0, 17, 31, 60, 143}) {
        String text = "the ".repeat(before) + "fish " + "a tree ".repeat(20);
        Answer best = finder.find("where ?", text).best();
        assertThat(best.text()).isEqualTo("fish");
        assertThat(best.start()).isEqualTo(4 * before);
      }
      assertThatThrownBy(() -> finder.find("who ".repeat(60), "the fish"))
          .hasMessageContaining("shorten the question");
    }
  }

  @Test
  void the_answer_is_marked_in_its_text() throws IOException {
    try (AnswerFinder finder = looking()) {
      Marked marked =
          (Marked) finder.explain("where ?", "the fish ran", Options.USUAL).parts().getFirst();
      assertThat(marked.words())
          .extracting(word -> word.text() + " " + word.value())
          .containsExactly("the 0.0", "fish 1.0", "ran 0.0");
    }
  }
}
