package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.explain.Evidence.Marked;
import dev.heed.explain.Evidence.Word;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.generate.TextGenerator;
import dev.heed.model.ModelFiles;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completions: of what follows, and of what stands between. */
@Tag("integration")
class CompleterTest {
  @TempDir Path folder;

  private static String plain(ModelFiles files, String text) {
    try (TextGenerator writer = TextGenerator.open(files, null)) {
      return writer
          .generateTokens(
              List.of(writer.templateTokens(text)), WrittenText.settings(writer.config(), 5))
          .getFirst()
          .getFirst()
          .text();
    }
  }

  @Test
  void the_middle_is_written_behind_what_stands_before_and_after() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "gpt2", "gpt", Map.of());
    try (Completer completer = Completer.open(files, null)) {
      assertThat(completer.fillsMiddle()).isTrue();
      assertThat(completer.complete("the cat", 5)).isEqualTo(plain(files, "the cat"));
      assertThat(completer.complete("the cat", "on the tree", 5))
          .isEqualTo(plain(files, "<fim_prefix>the cat<fim_suffix>on the tree<fim_middle>"));
      assertThat(completer.explain("the cat", "on the tree", 5).parts()).hasSize(2);
      Marked before = (Marked) completer.explain("the cat", "", 5).parts().getFirst();
      assertThat(before.words()).extracting(Word::text).containsExactly("the", "cat");
      assertThat(before.words()).allMatch(word -> word.value() > 0 && word.value() <= 1);
    }
  }

  @Test
  void a_vocabulary_without_such_tokens_completes_what_follows_alone() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "gpt2", "t5", Map.of());
    try (Completer completer = Completer.open(files, null)) {
      assertThat(completer.fillsMiddle()).isFalse();
      assertThatThrownBy(() -> completer.complete("a", "b", 5))
          .hasMessageContaining("<fim_prefix>");
    }
  }

  @Test
  void the_suffix_comes_first_where_the_model_wants_it() {
    MiddleTokens starcoder = new MiddleTokens(1, 2, 3, false, List.of());
    assertThat(starcoder.order(List.of(8, 9), List.of(7))).containsExactly(1, 8, 9, 2, 7, 3);
    MiddleTokens codestral = new MiddleTokens(1, 2, -1, true, List.of());
    assertThat(codestral.order(List.of(8, 9), List.of(7))).containsExactly(2, 7, 1, 8, 9);
    Tokenizer tokenizer = Tokenizer.open(Path.of("src/test/resources/tasks/gpt.json"));
    MiddleTokens known = MiddleTokens.of(tokenizer);
    assertThat(known).isNotNull();
    assertThat(known.ends()).containsExactly(tokenizer.id("<|endoftext|>").orElseThrow());
  }
}
