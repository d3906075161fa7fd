package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers in a model's own words. */
@Tag("integration")
class AnswerWriterTest {
  @TempDir Path folder;

  @Test
  void the_model_reads_question_and_text_as_the_template_says() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "t5", "t5", Map.of());
    try (AnswerWriter writer = AnswerWriter.open(files, null, "{question} , {context}");
        TextGenerator plain = TextGenerator.open(files, null)) {
      Completion expected =
          plain
              .generate(List.of("who sat ? , the cat"), WrittenText.settings(plain.config(), null))
              .getFirst()
              .getFirst();
      AnswerWriter.Written answer = writer.answer("who sat ?", "the cat");
      assertThat(answer.text()).isEqualTo(expected.text().strip());
      assertThat(answer.score()).isNegative();
    }
    assertThatThrownBy(() -> AnswerWriter.open(files, null, "{question}"))
        .hasMessageContaining("{context}");
  }

  @Test
  void a_long_text_is_asked_in_pieces() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "bart", "bart", Map.of());
    try (AnswerWriter writer = AnswerWriter.open(files, null, AnswerWriter.TEMPLATE)) {
      assertThat(writer.answer("who ?", "the cat sat . ".repeat(30)).score()).isNegative();
      assertThatThrownBy(() -> writer.answer("who ".repeat(50), "the cat"))
          .hasMessageContaining("shorten the question");
    }
  }
}
